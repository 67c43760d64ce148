import type { AccountChangeStore } from './port/account-changes.ts';
import type { AccountStore } from './port/accounts.ts';
import type { ChallengeStore } from './port/challenges.ts';
import type { ClosingStore } from './port/closing.ts';
import type { DeploymentStore } from './port/deployment.ts';
import type { EventStore } from './port/events.ts';
import type { FactorRecoveryStore } from './port/factor-recoveries.ts';
import type { FactorRuleStore } from './port/factor-rule.ts';
import type { FactorStore } from './port/factors.ts';
import type { FlowStore } from './port/flows.ts';
import type { IdentityStore } from './port/identities.ts';
import type { LimitStore } from './port/limits.ts';
import type { MailStore } from './port/mail.ts';
import type { SessionStore } from './port/sessions.ts';
import type { TrustStore } from './port/trust.ts';
import type { UndoStore } from './port/undos.ts';

/**
 * The store port: every operation on records, one file per group.
 *
 * Each method is atomic across any number of processes; changes that belong together are one method. A method rejects
 * with {@link StoreUnavailable} if the database does not answer within about four seconds, a write on behalf of a
 * principal with {@link AuthorityLost}, and with nothing else that a request can cause. Adapters know no feature,
 * create no IDs and read no clock.
 */
export interface Store
  extends
    AccountChangeStore,
    AccountStore,
    ChallengeStore,
    ClosingStore,
    DeploymentStore,
    EventStore,
    FactorRecoveryStore,
    FactorRuleStore,
    FactorStore,
    FlowStore,
    IdentityStore,
    LimitStore,
    MailStore,
    SessionStore,
    TrustStore,
    UndoStore {
  /** Brings the schema up to date. Several processes may call it at the same time. @throws StoreUnusable */
  prepare(): Promise<void>;
  /** Whether `prepare` has nothing to do. Changes nothing. @throws StoreUnusable for the schema of a newer version */
  isPrepared(): Promise<boolean>;
  ping(): Promise<void>;
  close(): Promise<void>;
}
