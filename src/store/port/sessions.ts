import type {
  Hashed,
  PasswordHash,
  Account,
  IdentityKey,
  Provider,
  Session,
  DeviceCookie,
  SecurityEvent,
} from '../../records.ts';
import type { FactorRecovery, FactorRule } from '../../records/two-factor.ts';
import type { Notice } from './events.ts';
import type { FactorUse, StoppingFactorUse } from './factors.ts';

/**
 * What the user re-authenticated with. The password and a provider count only while the account has no second factor
 * and the password is unchanged or the identity is still connected.
 */
export type ConfirmedBy<Use extends FactorUse = StoppingFactorUse> =
  | Use
  | { kind: 'password'; hash: PasswordHash }
  | ({ kind: 'provider' } & IdentityKey);

/** Result of starting a session; otherwise the reason why it did not begin. */
export type Begun =
  | 'begun'
  | 'account-closing'
  | 'password-changed'
  | 'provider-disconnected'
  | 'challenge-over'
  | 'factor-spent'
  | 'factor-due'
  | 'recovery-over';

/** What is stored together with a new session. */
export interface SessionBeginning {
  keep: number;
  replacing: string | null;
  /**
   * The device cookie that identifies the browser to the account until `until`. Replaced ones are remembered as outdated
   * until `outdatedUntil` at most.
   */
  device: { hash: Hashed; until: Date; replaces: readonly Hashed[]; outdatedUntil: Date };
  /**
   * The hash that the password was verified against. If the password changed in the meantime, the session does not
   * begin. `null` for another first factor.
   */
  provenHash: PasswordHash | null;
  /**
   * The identity that signed in. If it is no longer connected to the account, or a pending sign-in does not name its
   * issuer and subject, the session does not begin. `null` for another first factor.
   */
  provenIdentity: { provider: Provider; issuer: string | null; subject: string | null } | null;
  /**
   * The second factor and the challenge that asked for it, which ends. `none`: the account must still have none.
   * `settled`: accepted whatever the account has.
   */
  factor: { challengeId: string | null; use: StoppingFactorUse } | 'none' | 'settled';
  /**
   * Recorded if the recovery of lost factors is used: it must be open; every factor, code and other session is removed.
   * `null` if it is not used.
   */
  recovered: SecurityEvent | null;
  event: SecurityEvent;
  notice: Notice | null;
}

export interface SessionStore {
  /**
   * Stores a session. Only `sessions/begin-session.ts` calls this.
   * Of the account’s sessions, the newest `keep` remain. The browser gets a device cookie for this account, the challenge
   * ends and the factor is used, which stops the account’s {@link FactorRecovery}.
   * Nothing is stored or used if the hash is no longer `provenHash`, `provenIdentity` is not connected, the challenge
   * is no longer open, the factor was used before, or the recovery is not open. `account-closing`: all of these were
   * valid, the challenge has ended and the factor is used.
   */
  insertSession(session: Session, also: SessionBeginning): Promise<Begun>;
  /**
   * The session and its account in one read. Also returns an expired session; the caller checks the expiry.
   * `enrolmentRequiredFrom`: when the {@link FactorRule} starts to require a second factor; `null` without a rule or if
   * the account has a factor.
   */
  findSession(
    tokenHash: Hashed,
  ): Promise<{ session: Session; account: Account; enrolmentRequiredFrom: Date | null } | null>;
  touchSession(id: string, at: Date): Promise<void>;
  /**
   * Records a re-authentication: the session continues under another token. A used factor stops the account’s {@link
   * FactorRecovery}. `gone`: the session ended, or was confirmed under another token in the meantime. `factor-due`:
   * only a second factor counts now. `unproven`: the password was changed or the provider disconnected in the meantime.
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
  /** Sessions active at `now`, latest use first. */
  listSessions(accountId: string, now: Date): Promise<Session[]>;
  endSession(input: { accountId: string; id: string; event: SecurityEvent }): Promise<boolean>;
  /** Records nothing if there was none. */
  endOtherSessions(input: {
    accountId: string;
    keepId: string;
    event: SecurityEvent;
  }): Promise<number>;
  /** Ends all sessions and notifies the owner. Records and sends nothing if there was none. */
  endAllSessions(input: { accountId: string; notice: Notice }): Promise<number>;
  /** The given device cookies that the account has, current or outdated, and remembers at `now`. */
  deviceCookies(input: {
    hashes: readonly Hashed[];
    accountId: string;
    now: Date;
  }): Promise<DeviceCookie[]>;
}
