import type {
  Hashed,
  PasswordHash,
  Account,
  Identity,
  Provider,
  Session,
  FactorRecovery,
  FactorRule,
  DeviceMark,
  SecurityEvent,
} from '../../records.ts';
import type { Notice } from './events.ts';
import type { FactorUse, StoppingFactorUse } from './factors.ts';

/**
 * What a re-authentication was made with. The password and a provider count only while the account has no second factor, and the
 * password is still this one, or this person at the provider still connected.
 */
export type ConfirmedBy<Use extends FactorUse = StoppingFactorUse> =
  | Use
  | { kind: 'password'; hash: PasswordHash }
  | ({ kind: 'provider' } & Pick<Identity, 'provider' | 'subject'>);

/** Why a session did not begin. */
export type Begun =
  | 'begun'
  | 'account-closing'
  | 'password-changed'
  | 'provider-disconnected'
  | 'challenge-over'
  | 'factor-spent'
  | 'factor-due'
  | 'recovery-over';

/** What goes with a session that begins. */
export interface SessionBeginning {
  keep: number;
  replacing: string | null;
  /** The mark by which the account knows the browser from now until then; those that it replaces are remembered as that until `outdatedUntil` at most. */
  device: { hash: Hashed; until: Date; replaces: readonly Hashed[]; outdatedUntil: Date };
  /** What the password was proven against: a change that came between ends this session before it begins. `null`: another proof. */
  provenHash: PasswordHash | null;
  /**
   * The same for somebody at a provider: where they are no longer connected to the account, no session begins. Of half a sign-in
   * that does not say who it was, nobody is. `null`: another proof.
   */
  provenIdentity: { provider: Provider; subject: string | null } | null;
  /** The second factor, and the challenge that asked for it, which ends. `none`: the account must still have none. `settled`: whatever it has. */
  factor: { challengeId: string | null; use: StoppingFactorUse } | 'none' | 'settled';
  /** Recorded when the recovery of lost factors is used: it is open, every factor and code goes, and every other session ends. `null`: it is not. */
  recovered: SecurityEvent | null;
  event: SecurityEvent;
  notice: Omit<Notice, 'event'> | null;
}

export interface SessionStore {
  /**
   * Only `sessions/begin-session.ts` calls this. Of the account's sessions the newest `keep` stay. The device is known from
   * now on, by a mark of its own for this account, the challenge is over and the factor used, which stops the account's {@link FactorRecovery}. Nothing is kept, nor used,
   * when its hash is not `provenHash` any more, `provenIdentity` is not connected to it, the challenge is over, the factor was used
   * so before, or the recovery is not open. `account-closing`: all of that was right, the challenge is over and the factor used.
   */
  insertSession(session: Session, also: SessionBeginning): Promise<Begun>;
  /**
   * The session and its account in one read; also when it has expired, which the caller judges. `enrolmentRequiredFrom`: from when on it is held
   * to adding a second factor, by the {@link FactorRule}; `null` where there is no rule or the account has a factor.
   */
  findSession(
    tokenHash: Hashed,
  ): Promise<{ session: Session; account: Account; enrolmentRequiredFrom: Date | null } | null>;
  touchSession(id: string, at: Date): Promise<void>;
  /**
   * Re-authentication: the session continues under another token; a factor that is used stops the account's {@link FactorRecovery}.
   * `gone`: or it was confirmed under another token meanwhile. `factor-due`: only a factor counts by now. `unproven`: the password
   * was changed, or the provider disconnected, meanwhile.
   */
  confirmSession(input: {
    accountId: string;
    id: string;
    from: Hashed;
    to: Hashed;
    by: ConfirmedBy;
    at: Date;
    event: SecurityEvent;
  }): Promise<'confirmed' | 'gone' | 'factor-spent' | 'factor-due' | 'unproven'>;
  /** Those alive at `now`, newest use first. */
  listSessions(accountId: string, now: Date): Promise<Session[]>;
  endSession(input: { accountId: string; id: string; event: SecurityEvent }): Promise<boolean>;
  /** Nothing is recorded when there was none. */
  endOtherSessions(input: {
    accountId: string;
    keepId: string;
    event: SecurityEvent;
  }): Promise<number>;
  /** Ends them all, and tells their owner. Nothing is recorded and nobody is told when there was none. */
  endAllSessions(input: { accountId: string; notice: Notice }): Promise<number>;
  /** Those of these marks that the account knows or knew, and remembers at `now`. */
  deviceMarks(input: {
    hashes: readonly Hashed[];
    accountId: string;
    now: Date;
  }): Promise<DeviceMark[]>;
}
