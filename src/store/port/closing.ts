import type { Hashed, UnassignedEvent } from '../../records.ts';
import type { Notice } from './events.ts';

export interface ClosingStore {
  /** Every session ends, and none begins until it is opened again. `last`: there would be no operator. `unchanged`: it is closing already. */
  closeAccount(input: {
    accountId: string;
    erasedAt: Date;
    notice: Notice;
  }): Promise<'closing' | 'unchanged' | 'last'>;
  /** A secret by which a closing account can be opened again, in place of the one before: when it is erased otherwise. `null`: it is not closing. */
  offerReopening(input: {
    accountId: string;
    tokenHash: Hashed;
    expiresAt: Date;
  }): Promise<Date | null>;
  /** Uses it up: the account is as it was. False when it was used, replaced or has expired. */
  reopenAccount(input: { tokenHash: Hashed; event: UnassignedEvent; now: Date }): Promise<boolean>;
  /** Erases the accounts whose time has come, and answers how many. Of what was recorded ids and actions stay, and no address, device or target. */
  eraseClosed(now: Date): Promise<number>;
}
