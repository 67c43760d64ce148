import type { Hashed, Account, Session } from '../../records.ts';

/** A principal as stored when a transaction begins. */
export interface PrincipalState {
  session: Session;
  account: Account;
  /** When the oldest of the account’s second factors was confirmed; `null` if it has none. */
  factorSince: Date | null;
}

/**
 * The principal on whose behalf a write happens, and the condition for it; see `authority.ts`. Every transaction calls
 * `permits` first, and conflicts with any other that ends the session or changes the account.
 */
export interface Authority {
  /**
   * Identifies the session by the presented token. A session that continues under another token is not this
   * principal’s.
   */
  tokenHash: Hashed;
  accountId: string;
  permits(state: PrincipalState): boolean;
}
