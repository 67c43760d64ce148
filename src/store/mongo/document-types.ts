import type {
  Hashed,
  Account,
  SignUp,
  Challenge,
  Identity,
  ProviderFlow,
  Session,
  QueuedMail,
  Sealed,
} from '../../records.ts';
import type { FactorRecovery, Ceremony } from '../../records/two-factor.ts';
import type { Stored } from './documents.ts';

type AtDomain = { domain: string };

export type UndoRest = {
  accountId: string;
  seq: number;
  since: Date;
  email: string;
  expiresAt: Date;
  /** Missing in links from before notices were limited. */
  action?: string;
};

export type Codes = { hashes: readonly Hashed[]; createdAt: Date };

export type ClosingRest = { erasedAt: Date; reopenHash: Hashed | null; reopenUntil: Date | null };

export type FactorRecoveryRest = Omit<FactorRecovery, 'accountId'>;

export type CeremonyRest = Omit<Ceremony, 'challengeHash'>;

export type Small<Rest> = { _id: string; v: number } & Rest;

/** Number of writes on behalf of this session or account; see `principal-state.ts`. */
type Written = { writes?: number };

/** `provenFor` names the latest decision that depended on the account’s state; see `depend`. */
export type AccountDocument = Stored<Account> &
  AtDomain &
  Written & {
    nameKey: string;
    provenFor: string | null;
    /** The contested address of an account, which another account has; `null` if there is none. */
    restoring: string | null;
  };

export type SignUpDocument = Stored<SignUp> & AtDomain;

export type ChallengeDocument = Stored<Challenge> & AtDomain;

/** Its `_id` is `identityId`, or names no issuer if it is from before they were stored. Nothing looks it up by that. */
export type IdentityDocument = Small<Identity>;

/** Its `_id` is the hash of the state. */
export type FlowDocument = Small<Omit<ProviderFlow, 'stateHash'>>;

export type SessionDocument = Stored<Session> & Written;

/** `heldUntil` is copied from the domain’s hold when the mail is queued, so that claiming remains one operation. */
export type MailDocument = Stored<QueuedMail> & AtDomain & { heldUntil: Date };

export type LimitDocument = Small<{
  used: number;
  /** With waits: the latest attempt, other than the first of the window. */
  takenAt: Date;
  shutUntil: Date | null;
  rule: string;
  scope: string;
  subject: Sealed;
  /** Result of the latest attempt. */
  allowed: boolean;
  /** When the key is no longer needed. */
  expiresAt: Date;
}>;

export interface Device {
  accountId: string;
  firstUsedAt: Date;
  expiresAt: Date;
  replacedAt: Date | null;
  shared: boolean;
}
