import type {
  Hashed,
  Challenge,
  Factor,
  maxFactors,
  PendingSignIn,
  FactorRecovery,
  CeremonyPurpose,
  Ceremony,
} from '../../records.ts';
import type { Notice } from './events.ts';

/**
 * The session in which a second factor is added. It continues under another token. With the account’s first factor it counts as
 * confirmed, by that factor, and every other session, which never gave one, ends. With `keepOthers` they stay, and none of them
 * counts as confirmed at that time or later, whatever its clock said.
 */
export interface EnrollingSession {
  id: string;
  from: Hashed;
  to: Hashed;
  keepOthers: boolean;
}

/**
 * One use of a second factor that was found right. It counts once: the counter must be above the one that is kept, or both 0;
 * the recovery code must be there, and is gone afterwards. `initializesUv`: the passkey is `uvInitialized` from then on.
 */
export type FactorUse =
  | { kind: 'factor'; factorId: string; counter: number; initializesUv: boolean }
  | { kind: 'recovery-code'; codeHash: Hashed };

/** `stopping` is recorded, and its mail is queued, if the use of the factor stops a {@link FactorRecovery}. */
export type StoppingFactorUse = FactorUse & { stopping: Notice };

type FactorAdded = { isFirst: boolean } | 'too-many' | null;

export interface FactorStore {
  /** The challenge and what it stands for. */
  openSecondFactor(input: { challenge: Challenge; pending: PendingSignIn }): Promise<void>;
  findPendingSignIn(challengeId: string): Promise<PendingSignIn | null>;
  /** Those that are confirmed, oldest first, and how many recovery codes are left. */
  factorsOf(accountId: string): Promise<{ factors: Factor[]; recoveryCodesLeft: number }>;
  findFactor(input: { accountId: string; id: string }): Promise<Factor | null>;
  findPasskey(credentialId: string): Promise<Factor | null>;
  /** A factor that is to be confirmed; another one of the account that was is gone. */
  openFactor(factor: Factor): Promise<void>;
  /** The factor counts from now on. It stops the account's {@link FactorRecovery}, which is recorded and told as `stopping`; one that was used is deleted. The account's first one brings its recovery codes. `null` when it is gone or confirmed already, or the session is gone. `too-many`: there are {@link maxFactors}. */
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
  /** The same for a passkey, which is confirmed as it is made. `null` when its credential is known already, or the session is gone. */
  addPasskey(input: {
    factor: Factor;
    recoveryCodes: readonly Hashed[];
    session: EnrollingSession | null;
    notice: Notice;
    stopping: Notice;
  }): Promise<FactorAdded>;
  /** In place of all that there were. False, and nothing changes, for an account without a confirmed factor. */
  replaceRecoveryCodes(input: {
    accountId: string;
    recoveryCodes: readonly Hashed[];
    notice: Notice;
  }): Promise<boolean>;
  /** With the last confirmed one its recovery codes go too. */
  removeFactor(input: { accountId: string; id: string; notice: Notice }): Promise<boolean>;
  openCeremony(ceremony: Ceremony): Promise<void>;
  /** Ends it, whatever comes of it. `null` when it was taken, has expired, or was for something else. */
  takeCeremony(input: {
    challengeHash: Hashed;
    purpose: CeremonyPurpose;
    now: Date;
  }): Promise<{ subjectId: string | null } | null>;
}
