import type { Hashed, Challenge } from '../../records.ts';
import type {
  Factor,
  maxFactors,
  PendingSignIn,
  FactorRecovery,
  CeremonyPurpose,
  Ceremony,
} from '../../records/two-factor.ts';
import type { Notice } from './events.ts';

/**
 * The session in which a second factor is added. It continues under another token. With the account’s first factor the
 * session counts as confirmed by that factor, and every other session ends because none was opened with a factor. With
 * `keepOthers` they remain, but none counts as confirmed at or after that time, whatever its clock said.
 */
export interface EnrollingSession {
  id: string;
  from: Hashed;
  to: Hashed;
  keepOthers: boolean;
}

/**
 * One use of a second factor that was verified. It counts once: the counter must be greater than the stored one, or
 * both must be 0; a recovery code must exist, and is then removed. `initializesUv`: sets `uvInitialized` of the
 * passkey.
 */
export type FactorUse =
  | { kind: 'factor'; factorId: string; counter: number; initializesUv: boolean }
  | { kind: 'recovery-code'; codeHash: Hashed };

/** `stopping` is recorded and its mail queued if the use of the factor stops a {@link FactorRecovery}. */
export type StoppingFactorUse = FactorUse & { stopping: Notice };

type FactorAdded = { isFirst: boolean } | 'too-many' | null;

export interface FactorStore {
  /** Stores the challenge and the pending sign-in. */
  openSecondFactor(input: { challenge: Challenge; pending: PendingSignIn }): Promise<void>;
  findPendingSignIn(challengeId: string): Promise<PendingSignIn | null>;
  /** The confirmed factors, oldest first, and the number of recovery codes left. */
  factorsOf(accountId: string): Promise<{ factors: Factor[]; recoveryCodesLeft: number }>;
  findFactor(input: { accountId: string; id: string }): Promise<Factor | null>;
  findPasskey(credentialId: string): Promise<Factor | null>;
  /** Stores an unconfirmed factor. Replaces another unconfirmed one of the account. */
  openFactor(factor: Factor): Promise<void>;
  /**
   * Confirms the factor. Stops the account’s {@link FactorRecovery}, which is recorded and reported to the owner as
   * `stopping`; a used recovery is deleted. The account’s first factor brings its recovery codes. `null` if the factor
   * is gone or already confirmed, or the session is gone. `too-many`: the account has {@link maxFactors}.
   */
  confirmFactor(input: {
    accountId: string;
    id: string;
    counter: number;
    recoveryCodes: readonly Hashed[];
    session: EnrollingSession | null;
    notice: Notice;
    stopping: Notice;
    now: Date;
  }): Promise<FactorAdded>;
  /**
   * As `confirmFactor`, for a passkey, which is confirmed on creation. `null` if its credential is known already, or
   * the session is gone.
   */
  addPasskey(input: {
    factor: Factor;
    recoveryCodes: readonly Hashed[];
    session: EnrollingSession | null;
    notice: Notice;
    stopping: Notice;
  }): Promise<FactorAdded>;
  /** Replaces all recovery codes. Returns false and changes nothing for an account without a confirmed factor. */
  replaceRecoveryCodes(input: {
    accountId: string;
    recoveryCodes: readonly Hashed[];
    notice: Notice;
  }): Promise<boolean>;
  /** Removes a factor. Removing the last confirmed one also removes the recovery codes. */
  removeFactor(input: { accountId: string; id: string; notice: Notice }): Promise<boolean>;
  openCeremony(ceremony: Ceremony): Promise<void>;
  /**
   * Uses up a ceremony, whether or not it succeeds. `null` if it was used, has expired, or has another purpose or
   * subject.
   */
  takeCeremony(input: {
    challengeHash: Hashed;
    purpose: CeremonyPurpose;
    now: Date;
  }): Promise<{ subjectId: string | null } | null>;
}
