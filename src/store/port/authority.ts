import type { Hashed, Account, Session } from '../../records.ts';

/** A principal as the database has them when a transaction begins. */
export interface PrincipalState {
  session: Session;
  account: Account;
  /** When the oldest of the account's second factors was confirmed; `null`: it has none. */
  factorSince: Date | null;
}

/**
 * On whose behalf something is written, and while it may be: see `authority.ts`. Every transaction asks `permits` before
 * anything else, and conflicts with each one that ends the session or changes the account.
 */
export interface Authority {
  /** Found by the token that was presented: a session that continues under another one is not this principal's. */
  tokenHash: Hashed;
  accountId: string;
  permits(state: PrincipalState): boolean;
}
