import type { Hashed, UnassignedEvent } from '../../records.ts';
import type { Notice } from './events.ts';

export interface ClosingStore {
  /**
   * Schedules an account for deletion: every session ends, and none begins until the account is restored. `last`: no
   * operator would remain. `unchanged`: it is scheduled already.
   */
  closeAccount(input: {
    accountId: string;
    erasedAt: Date;
    notice: Notice;
  }): Promise<'closing' | 'unchanged' | 'last'>;
  /**
   * Stores the hash of a token that restores an account scheduled for deletion. It replaces an earlier one. Returns
   * when the account will be erased; `null` if it is not scheduled for deletion.
   */
  offerReopening(input: {
    accountId: string;
    tokenHash: Hashed;
    expiresAt: Date;
  }): Promise<Date | null>;
  /** Uses up the token and restores the account. False if the token was used, was replaced or has expired. */
  reopenAccount(input: { tokenHash: Hashed; event: UnassignedEvent; now: Date }): Promise<boolean>;
  /**
   * Erases the accounts whose deletion is due and returns how many. Their events keep IDs and actions, but no address,
   * device or target.
   */
  eraseClosed(now: Date): Promise<number>;
}
