import type { LimitRule } from '../store/port.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/**
 * Every limit there is. `by` says what is counted: the client's address before anything is read, an e-mail address
 * whether or not it has an account, an account, a challenge, or a session. NIST SP 800-63B-4 §3.2.2; ASVS 2.4.1, 6.3.1, 6.6.3.
 */
export const limits = {
  /** Everything that costs a hash, a mail or a guess. */
  'sign-up': { by: 'address', limit: 10, window: hour },
  'sign-in': { by: 'address', limit: 100, window: 15 * minute },
  'guess-code': { by: 'address', limit: 100, window: 15 * minute },
  'resend-code': { by: 'address', limit: 30, window: hour },
  recover: { by: 'address', limit: 30, window: hour },
  undo: { by: 'address', limit: 30, window: hour },
  'claim-operator': { by: 'address', limit: 20, window: 15 * minute },
  'run-checks': { by: 'address', limit: 30, window: hour },
  /** Wrong passwords: taken before the hash, given back when the password was right. */
  'wrong-password': { by: 'email', limit: 10, window: 15 * minute, waits: [1, 2, 4, 8, 15].map((n) => n * minute) },
  /** The same from a device that signed in to the account before: a stranger cannot shut its owner out. */
  'wrong-password-known-device': { by: 'email', limit: 10, window: 15 * minute, waits: [1, 2, 4, 8, 15].map((n) => n * minute) },
  /** Wrong passwords of somebody who is signed in already. */
  'wrong-confirmation': { by: 'account', limit: 10, window: 15 * minute },
  /** Word to its owner that an account is being guessed at. */
  'guessing-mail': { by: 'email', limit: 1, window: 24 * hour },
  /** Wrong codes over all challenges of a purpose: a new code does not refill it. */
  'wrong-code': { by: 'email', limit: 10, window: hour },
  'code-mail-hour': { by: 'email', limit: 5, window: hour },
  'code-mail-day': { by: 'email', limit: 10, window: 24 * hour },
  'code-again': { by: 'challenge', limit: 1, window: minute },
  /** Requests that change something, a signed-in person. */
  changes: { by: 'session', limit: 300, window: minute },
} as const satisfies Record<string, LimitRule & { by: 'address' | 'email' | 'account' | 'challenge' | 'session' }>;

export type LimitName = keyof typeof limits;
export type AddressLimit = { [Name in LimitName]: (typeof limits)[Name]['by'] extends 'address' ? Name : never }[LimitName];
