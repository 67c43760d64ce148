import type { FactorRecovery } from '../../records/two-factor.ts';
import type { Notice } from './events.ts';

export interface FactorRecoveryStore {
  /**
   * Starts the recovery for the pending sign-in of this challenge. A recovery that is already waiting is unchanged and
   * no second notice is sent. Returns `null` and stores nothing if the challenge is no longer open, the password was
   * changed, or the account has no factor.
   */
  openFactorRecovery(input: {
    recovery: FactorRecovery;
    challengeId: string;
    notice: Notice;
    now: Date;
  }): Promise<FactorRecovery | null>;
  findFactorRecovery(accountId: string): Promise<FactorRecovery | null>;
  /**
   * Stops the recovery. Repeating it changes, records and sends nothing. False if there was none to stop at the event’s
   * time.
   */
  stopFactorRecovery(stopping: Notice): Promise<boolean>;
}
