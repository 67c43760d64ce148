import { factorLockMinutes } from '../api/durations.ts';
import { minute, hour, day } from '../clock.ts';
import type { LimitRule } from '../store/port/limits.ts';

export interface Limit extends LimitRule {
  /**
   * What is counted: the client’s network before the request is read, an email address whether or not it has an
   * account, an account, a challenge, or a session.
   */
  by: 'network' | 'email' | 'account' | 'challenge' | 'session';
  /** Description for operators. */
  about: string;
  /** Whether {@link failureStreak} applies as well. */
  failureStreak?: true;
  /**
   * Whether each process counts for itself, in memory. For reads of what is public: the limit protects the processor time
   * of the process, and must not need a store that answers, or can be written.
   */
  perProcess?: true;
  /** How many one client network can consume before it competes with the others. */
  share?: number;
}

/**
 * Failures with no success between them. After a hundred, one attempt every fifteen minutes, until one succeeds or the
 * account is recovered. A year without attempts resets the streak: waiting that long gains an attacker less than
 * continuing. NIST SP 800-63B-4 §3.2.2.
 */
export const failureStreak: LimitRule = { limit: 100, window: 365 * day, waits: [15 * minute] };

/** All rate limits. NIST SP 800-63B-4 §3.2.2; ASVS 2.4.1, 6.3.1, 6.6.3. */
export const limits = {
  /** Everything that costs a hash, an email or a guess. */
  'sign-up': { by: 'network', about: 'Sign-ups', limit: 10, window: hour },
  'sign-in': {
    by: 'network',
    about: 'Sign-ins and other password attempts',
    limit: 100,
    window: 15 * minute,
  },
  /** Starts and callbacks of sign-in attempts with a provider. Each costs a record, or calls to the provider. */
  'provider-start': {
    by: 'network',
    about: 'Sign-in attempts with Google and GitHub',
    limit: 60,
    window: 15 * minute,
  },
  'provider-callback': {
    by: 'network',
    about: 'Returns from Google and GitHub',
    limit: 60,
    window: 15 * minute,
  },
  'guess-code': { by: 'network', about: 'Code attempts', limit: 100, window: 15 * minute },
  'resend-code': { by: 'network', about: 'New codes', limit: 30, window: hour },
  recover: { by: 'network', about: 'Password resets', limit: 30, window: hour },
  undo: { by: 'network', about: 'Uses of “This wasn’t me” links', limit: 30, window: hour },
  'claim-operator': {
    by: 'network',
    about: 'Uses of operator setup links',
    limit: 20,
    window: 15 * minute,
  },
  'run-checks': { by: 'network', about: 'Security check runs', limit: 30, window: hour },
  /** Public pages and documents. They are rendered once for all readers, but each request still costs something. */
  'public-pages': {
    by: 'network',
    about: 'Public pages',
    limit: 300,
    window: minute,
    perProcess: true,
  },
  /** A program that follows the evidence log from its beginning reads a hundred entries per request. */
  'evidence-history': {
    by: 'network',
    about: 'Reads of the evidence log',
    limit: 1_000,
    window: minute,
    perProcess: true,
  },
  export: { by: 'network', about: 'Data exports', limit: 60, window: 15 * minute },
  /** In addition, only one export runs at a time. */
  exports: { by: 'account', about: 'Data exports of one account', limit: 10, window: 15 * minute },
  /** Incorrect passwords: consumed before hashing, refunded if the password was correct. */
  'wrong-password': {
    by: 'email',
    about: 'Incorrect passwords',
    limit: 10,
    window: 15 * minute,
    waits: [1, 2, 4, 8, 15].map((n) => n * minute),
    failureStreak: true,
  },
  /** Incorrect passwords of a user who is already signed in. */
  'wrong-confirmation': {
    by: 'account',
    about: 'Incorrect passwords while signed in',
    limit: 10,
    window: 15 * minute,
    failureStreak: true,
  },
  /** Incorrect second factors across all methods: refunded if the factor was correct. */
  'wrong-factor': {
    by: 'account',
    about: 'Incorrect second factors',
    limit: 10,
    window: factorLockMinutes * minute,
    failureStreak: true,
  },
  /** Each starts a waiting period and notifies the account owner. */
  'lost-factors': {
    by: 'account',
    about: 'Recoveries of second factors, per day',
    limit: 3,
    window: day,
  },
  /** Emails that notify the account owner of guesses, separately for the password and the second factors. */
  'guessing-mail': {
    by: 'email',
    about: 'Emails about guessing, one per day',
    limit: 1,
    window: day,
  },
  /** Incorrect codes across all challenges of a purpose. A new code does not reset this limit. */
  'wrong-code': {
    by: 'email',
    about: 'Incorrect codes',
    limit: 10,
    window: hour,
    failureStreak: true,
  },
  /** Emails with codes: docs/decisions/005. */
  'code-mail-hour': {
    by: 'email',
    about: 'Code emails, per hour',
    limit: 5,
    window: hour,
    share: 3,
  },
  'code-mail-day': {
    by: 'email',
    about: 'Code emails, per day',
    limit: 10,
    window: day,
    share: 6,
  },
  'code-again': {
    by: 'challenge',
    about: 'Resent codes, one per minute',
    limit: 1,
    window: minute,
  },
  /**
   * Unsafe requests of a signed-in user, per session and, so that more sessions do not raise the limit, per account.
   */
  changes: { by: 'session', about: 'Changes in one session', limit: 300, window: minute },
  'account-changes': {
    by: 'account',
    about: 'Changes in all sessions of an account',
    limit: 600,
    window: minute,
  },
  /**
   * Events that stay in the audit log for good: `audit/event-limits.ts`. From the hundredth change on, one every
   * fifteen minutes, until none is made for an hour after the last wait.
   */
  'recorded-changes': {
    by: 'account',
    about: 'Recorded changes',
    limit: 100,
    window: hour,
    waits: [15 * minute],
  },
  'recorded-passwords': {
    by: 'account',
    about: 'Password changes',
    limit: 20,
    window: hour,
    waits: [15 * minute],
  },
  'recorded-sign-ins': {
    by: 'account',
    about: 'Sign-ins and confirmations of one account',
    limit: 100,
    window: 15 * minute,
  },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof limits;
type NameOf<Has> = {
  [Name in LimitName]: (typeof limits)[Name] extends Has ? Name : never;
}[LimitName];
export type NetworkLimit = NameOf<{ by: 'network' }>;
export type SharedLimit = NameOf<{ share: number }>;
