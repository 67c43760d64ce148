import type { LimitRule } from '../store/port/limits.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

export interface Limit extends LimitRule {
  /** What is counted: the client's address before anything is read, an e-mail address whether or not it has an account, an account, a challenge, or a session. */
  by: 'address' | 'email' | 'account' | 'challenge' | 'session';
  /** What is counted, for operators. */
  about: string;
  /** {@link failureStreak} holds as well. */
  failureStreak?: true;
  /** How many of them one client network can take away from the others. */
  share?: number;
}

/**
 * Failures with no success between them: from the hundredth on one try in fifteen minutes, until one is right or the account
 * is recovered. A quiet year forgets them: whoever waits that long has gained less than by trying on. NIST SP 800-63B-4 §3.2.2.
 */
export const failureStreak: LimitRule = { limit: 100, window: 365 * day, waits: [15 * minute] };

/** Every limit there is. NIST SP 800-63B-4 §3.2.2; ASVS 2.4.1, 6.3.1, 6.6.3. */
export const limits = {
  /** Everything that costs a hash, a mail or a guess. */
  'sign-up': { by: 'address', about: 'Sign-ups', limit: 10, window: hour },
  'sign-in': {
    by: 'address',
    about: 'Sign-ins and other password attempts',
    limit: 100,
    window: 15 * minute,
  },
  /** Ways to a sign-in provider, and ways back: each costs a record, or calls to the provider. */
  'provider-start': {
    by: 'address',
    about: 'Sign-in attempts with Google and GitHub',
    limit: 60,
    window: 15 * minute,
  },
  'provider-callback': {
    by: 'address',
    about: 'Returns from Google and GitHub',
    limit: 60,
    window: 15 * minute,
  },
  'guess-code': { by: 'address', about: 'Code attempts', limit: 100, window: 15 * minute },
  'resend-code': { by: 'address', about: 'New codes', limit: 30, window: hour },
  recover: { by: 'address', about: 'Password resets', limit: 30, window: hour },
  undo: { by: 'address', about: 'Uses of “This wasn’t me” links', limit: 30, window: hour },
  'claim-operator': {
    by: 'address',
    about: 'Uses of operator setup links',
    limit: 20,
    window: 15 * minute,
  },
  'run-checks': { by: 'address', about: 'Security check runs', limit: 30, window: hour },
  /** Pages and documents for everybody: the work in them is done once for all readers, but each request still takes some. */
  'public-pages': { by: 'address', about: 'Public pages', limit: 300, window: minute },
  /** A program that follows the record from its beginning takes a hundred links at a time. */
  'evidence-history': {
    by: 'address',
    about: 'Reads of the evidence log',
    limit: 1_000,
    window: minute,
  },
  export: { by: 'address', about: 'Data exports', limit: 60, window: 15 * minute },
  /** Beside that one of them runs at a time. */
  exports: { by: 'account', about: 'Data exports of one account', limit: 10, window: 15 * minute },
  /** Wrong passwords: taken before the hash, given back when the password was right. */
  'wrong-password': {
    by: 'email',
    about: 'Incorrect passwords',
    limit: 10,
    window: 15 * minute,
    waits: [1, 2, 4, 8, 15].map((n) => n * minute),
    failureStreak: true,
  },
  /** Wrong passwords of somebody who is signed in already. */
  'wrong-confirmation': {
    by: 'account',
    about: 'Incorrect passwords while signed in',
    limit: 10,
    window: 15 * minute,
    failureStreak: true,
  },
  /** Wrong second factors over everything that takes one: given back when it was right. */
  'wrong-factor': {
    by: 'account',
    about: 'Incorrect second factors',
    limit: 10,
    window: 15 * minute,
    failureStreak: true,
  },
  /** Each begins a wait, and tells the owner so. */
  'lost-factors': {
    by: 'account',
    about: 'Recoveries of second factors, per day',
    limit: 3,
    window: day,
  },
  /** Mail that tells the owner of guesses: one for the password, one for the second factors. */
  'guessing-mail': {
    by: 'email',
    about: 'Emails about guessing, one per day',
    limit: 1,
    window: day,
  },
  /** Wrong codes over all challenges of a purpose: a new code does not refill it. */
  'wrong-code': {
    by: 'email',
    about: 'Incorrect codes',
    limit: 10,
    window: hour,
    failureStreak: true,
  },
  /** Mail with a code: docs/decisions/005. */
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
  /** Requests that change something, a signed-in person: by each session, and, so that more sessions are not more of them, by all. */
  changes: { by: 'session', about: 'Changes in one session', limit: 300, window: minute },
  'account-changes': {
    by: 'account',
    about: 'Changes in all sessions of an account',
    limit: 600,
    window: minute,
  },
  /** What stays in the record for good: `audit/event-limits.ts`. From the hundredth change on one in fifteen minutes, until an hour is quiet. */
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
export type AddressLimit = NameOf<{ by: 'address' }>;
export type SharedLimit = NameOf<{ share: number }>;
