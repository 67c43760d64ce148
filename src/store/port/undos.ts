import type {
  Hashed,
  Account,
  FactorRecovery,
  SecurityEvent,
  QueuedMail,
  UnassignedEvent,
} from '../../records.ts';

/** What an undo did: since when, and what the account did to others since then, which stays as it is. */
export interface Undone {
  account: Account;
  /** `taken`: another account has the address, which waits to be restored by the same link. */
  address: 'restored' | 'taken';
  since: Date;
  doneToOthers: SecurityEvent[];
}

export interface UndoStore {
  /**
   * Uses up an undo, and with it every other one of the account: whichever it is, it undoes what any live one could, which is
   * what came since the earliest `since` of those that are live, and the account has the address again that the first of them
   * was issued to. It has no password until it is recovered, every session ends, no device is known, every challenge about the
   * account is void, its {@link FactorRecovery} is deleted, it is not closing; factors, recovery codes and identities that came since
   * are gone, and every identity with `everyProvider`. `tell` makes the mail to each address that a live undo was issued to,
   * or that the account had until now. `doneToOthers` are events whose actor the account is,
   * of another account or of these `actions`.
   * While another account has the address, all of that is done and the account is found by no address (see {@link Account}); links
   * that were issued to the address to restore are valid until `keptUntil` instead of used up, and each does all of it again.
   * `null` when it was used or has expired.
   */
  redeemUndo(input: {
    tokenHash: Hashed;
    everyProvider: boolean;
    actions: readonly string[];
    event: UnassignedEvent;
    tell: (told: { email: string; address: Undone['address'] | 'elsewhere' }) => QueuedMail;
    keptUntil: Date;
    now: Date;
  }): Promise<Undone | null>;
}
