import type { FactorRecovery } from '../../records.ts';
import type { Notice } from './events.ts';

export interface FactorRecoveryStore {
  /**
   * Begins the wait of whoever is half signed in by this challenge. One that waits already stays as it is, and nobody is told again.
   * `null`, and nothing is kept, when the challenge is over, its password was changed, or the account has no factor.
   */
  openFactorRecovery(input: {
    recovery: FactorRecovery;
    challengeId: string;
    notice: Notice;
    now: Date;
  }): Promise<FactorRecovery | null>;
  findFactorRecovery(accountId: string): Promise<FactorRecovery | null>;
  /** Stopping one again changes nothing, and nothing more is recorded or told. False when there is none to stop at the event's time. */
  stopFactorRecovery(stopping: Notice): Promise<boolean>;
}
