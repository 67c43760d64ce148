import { type Connection, type Model } from 'mongoose';
import type { SignedEntry, Sealed, SecurityEvent } from '../../records.ts';
import type { Factor, FactorRule, PendingSignIn } from '../../records/two-factor.ts';
import type {
  UndoRest,
  Codes,
  ClosingRest,
  FactorRecoveryRest,
  CeremonyRest,
  Small,
  AccountDocument,
  SignUpDocument,
  ChallengeDocument,
  IdentityDocument,
  FlowDocument,
  SessionDocument,
  MailDocument,
  LimitDocument,
  Device,
} from './document-types.ts';
import { type Stored } from './documents.ts';
import { type KeyedMutex, makeKeyedMutex } from './keyed-mutex.ts';
import { schemas } from './schemas.ts';

export interface Models {
  connection: Connection;
  exclusively: KeyedMutex;
  accounts: Model<AccountDocument>;
  signUps: Model<SignUpDocument>;
  challenges: Model<ChallengeDocument>;
  sessions: Model<SessionDocument>;
  devices: Model<Small<Device>>;
  identities: Model<IdentityDocument>;
  flows: Model<FlowDocument>;
  claims: Model<Small<{ expiresAt: Date }>>;
  events: Model<Stored<SecurityEvent>>;
  undos: Model<Small<UndoRest>>;
  factors: Model<Stored<Factor>>;
  /** One document per account. */
  recoveryCodes: Model<Small<Codes>>;
  closings: Model<Small<ClosingRest>>;
  pendingSignIns: Model<Stored<PendingSignIn>>;
  /** Its `_id` is that of the account. */
  factorRecoveries: Model<Small<FactorRecoveryRest>>;
  ceremonies: Model<Small<CeremonyRest>>;
  limits: Model<LimitDocument>;
  mails: Model<MailDocument>;
  holds: Model<Small<{ until: Date }>>;
  links: Model<Small<SignedEntry>>;
  rules: Model<Small<FactorRule>>;
  secrets: Model<Small<{ sealed: Sealed }>>;
  leases: Model<Small<{ holder: string; until: Date }>>;
  deployment: Model<Small<{ version: number }>>;
}

/** The models of one connection. Only `prepare` creates collections and indexes. */
export function makeModels(connection: Connection): Models {
  const model = <Document>(name: keyof typeof schemas): Model<Document> =>
    connection.model<Document>(name, schemas[name], name);
  return {
    connection,
    exclusively: makeKeyedMutex(),
    accounts: model('accounts'),
    signUps: model('signUps'),
    challenges: model('challenges'),
    sessions: model('sessions'),
    devices: model('devices'),
    identities: model('identities'),
    flows: model('flows'),
    claims: model('claims'),
    events: model('events'),
    undos: model('undos'),
    factors: model('factors'),
    recoveryCodes: model('recoveryCodes'),
    closings: model('closings'),
    pendingSignIns: model('pendingSignIns'),
    factorRecoveries: model('factorRecoveries'),
    ceremonies: model('ceremonies'),
    limits: model('limits'),
    mails: model('mails'),
    holds: model('holds'),
    links: model('links'),
    rules: model('rules'),
    secrets: model('secrets'),
    leases: model('leases'),
    deployment: model('deployment'),
  };
}
