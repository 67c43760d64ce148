import type { Hashed, Account, SecurityEvent, QueuedMail, UnassignedEvent } from '../../records.ts';
import type { FactorRecovery } from '../../records/two-factor.ts';

/**
 * What an undo did: the time from which it undoes, and what the account did to others since then, which is left
 * unchanged.
 */
export interface Undone {
  account: Account;
  /** `taken`: another account has the address, which the same link can restore later. */
  address: 'restored' | 'taken';
  since: Date;
  doneToOthers: SecurityEvent[];
}

export interface UndoStore {
  /**
   * Uses up an undo and every other live one of the account. Any of them has the effect of all: it undoes what happened
   * since the earliest `since` among the live ones, and restores the address to which the first was issued.
   * The account has no password until it is recovered; every session ends; all devices are forgotten; every challenge
   * about the account becomes invalid; its {@link FactorRecovery} is deleted; its deletion is cancelled. Factors,
   * recovery codes and identities added since are removed; with `everyProvider` all identities are.
   * `tell` creates the mail to each address to which a live undo was issued or that the account had until now.
   * `doneToOthers` are events whose actor is the account, of another account or of these `actions`.
   * While another account has the address, all of this happens and no address finds the account (see {@link Account}).
   * Links issued to the address to restore then stay valid until `keptUntil`, and each repeats all of it.
   * `null` if the undo was used or has expired.
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
