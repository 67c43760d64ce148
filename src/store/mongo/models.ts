import {
  type Connection,
  type IndexDefinition,
  type IndexOptions,
  type Model,
  Schema,
} from 'mongoose';
import {
  type Account,
  type Ceremony,
  type SignedEntry,
  type Challenge,
  type Factor,
  type FactorRecovery,
  type FactorRule,
  type Hashed,
  type Identity,
  type PendingSignIn,
  type ProviderFlow,
  type QueuedMail,
  type Sealed,
  type SecurityEvent,
  type Session,
  type SignUp,
  ceremonyPurposes,
} from '../../records.ts';
import {
  type Fields,
  type Stored,
  accountFields,
  challengeFields,
  date,
  eventFields,
  factorFields,
  factorRecoveryFields,
  flag,
  flowFields,
  identityFields,
  entryFields,
  mailFields,
  nullable,
  number,
  oneOf,
  pendingSignInFields,
  sessionFields,
  signUpFields,
  tally,
  text,
  texts,
} from './documents.ts';
import { type KeyedMutex, makeKeyedMutex } from './keyed-mutex.ts';

type AtDomain = { domain: string };
type UndoRest = { accountId: string; seq: number; since: Date; email: string; expiresAt: Date };
type Codes = { hashes: readonly Hashed[]; createdAt: Date };
type ClosingRest = { erasedAt: Date; reopenHash: Hashed | null; reopenUntil: Date | null };
type FactorRecoveryRest = Omit<FactorRecovery, 'accountId'>;
type CeremonyRest = Omit<Ceremony, 'challengeHash'>;
type Small<Rest> = { _id: string; v: number } & Rest;

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
type SignUpDocument = Stored<SignUp> & AtDomain;
type ChallengeDocument = Stored<Challenge> & AtDomain;
/** Its `_id` is `identityId`. */
type IdentityDocument = Small<Identity>;
/** Its `_id` is the hash of the state. */
type FlowDocument = Small<Omit<ProviderFlow, 'stateHash'>>;
export type SessionDocument = Stored<Session> & Written;
/** `heldUntil` is copied from the domain’s hold when the mail is queued, so that claiming remains one operation. */
type MailDocument = Stored<QueuedMail> & AtDomain & { heldUntil: Date };
type LimitDocument = Small<{
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

interface Device {
  accountId: string;
  firstUsedAt: Date;
  expiresAt: Date;
  replacedAt: Date | null;
  shared: boolean;
}

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

type Index = [IndexDefinition, IndexOptions?];
const unique = { unique: true };
/**
 * MongoDB removes documents a day after they expire. This is housekeeping only: every read checks the expiry itself.
 */
const goneAfterADay = { expireAfterSeconds: 86_400 };

function schemaOf<Document>(fields: Fields<Omit<Document, '_id' | 'v'>>, indexes: Index[]): Schema {
  const paths = Object.entries<{ path: object }>(fields).map(([name, field]) => [name, field.path]);
  const schema = new Schema(
    {
      _id: { type: String, required: true },
      v: { type: Number, required: true },
      ...Object.fromEntries(paths),
    },
    { strict: 'throw', strictQuery: 'throw', versionKey: false, id: false, minimize: false },
  );
  for (const [definition, options] of indexes) schema.index(definition, options);
  return schema;
}

const atDomain = { domain: text<string>() };

const schemas = {
  accounts: schemaOf<AccountDocument>(
    {
      ...accountFields,
      ...atDomain,
      nameKey: text(),
      provenFor: nullable(text()),
      restoring: nullable(text()),
      writes: tally,
    },
    [
      [{ email: 1 }, unique],
      [{ nameKey: 1 }],
      [{ domain: 1 }],
      [{ operator: 1 }, { partialFilterExpression: { operator: true } }],
    ],
  ),
  signUps: schemaOf<SignUpDocument>({ ...signUpFields, ...atDomain }, [
    [{ email: 1, createdAt: -1 }],
    [{ domain: 1 }],
    [{ expiresAt: 1 }, goneAfterADay],
  ]),
  challenges: schemaOf<ChallengeDocument>({ ...challengeFields, ...atDomain }, [
    [{ email: 1, purpose: 1 }],
    [{ subjectId: 1 }],
    [{ domain: 1 }],
    [{ expiresAt: 1 }, goneAfterADay],
  ]),
  sessions: schemaOf<SessionDocument>({ ...sessionFields, writes: tally }, [
    [{ tokenHash: 1 }, unique],
    [{ accountId: 1, createdAt: -1 }],
    [{ expiresAt: 1 }, goneAfterADay],
  ]),
  devices: schemaOf<Device>(
    {
      accountId: text(),
      firstUsedAt: date,
      expiresAt: date,
      replacedAt: nullable(date),
      shared: flag,
    },
    [[{ accountId: 1 }], [{ expiresAt: 1 }, goneAfterADay]],
  ),
  identities: schemaOf<IdentityDocument>(identityFields, [[{ accountId: 1, provider: 1 }, unique]]),
  flows: schemaOf<FlowDocument>(flowFields, [[{ expiresAt: 1 }, goneAfterADay]]),
  claims: schemaOf<{ expiresAt: Date }>({ expiresAt: date }, [[{ expiresAt: 1 }, goneAfterADay]]),
  events: schemaOf<Stored<SecurityEvent>>(eventFields, [
    [{ accountId: 1, at: -1, _id: -1 }],
    [{ action: 1, at: -1, _id: -1 }],
    [{ actorId: 1 }],
    [{ target: 1 }],
  ]),
  undos: schemaOf<UndoRest>(
    { accountId: text(), seq: number, since: date, email: text(), expiresAt: date },
    [[{ accountId: 1, seq: 1 }], [{ expiresAt: 1 }, goneAfterADay]],
  ),
  factors: schemaOf<Stored<Factor>>(factorFields, [
    [{ accountId: 1, createdAt: 1 }],
    [
      { credentialId: 1 },
      { unique: true, partialFilterExpression: { credentialId: { $type: 'string' } } },
    ],
  ]),
  recoveryCodes: schemaOf<Codes>({ hashes: texts(), createdAt: date }, []),
  closings: schemaOf<ClosingRest>(
    { erasedAt: date, reopenHash: nullable(text()), reopenUntil: nullable(date) },
    [[{ erasedAt: 1 }], [{ reopenHash: 1 }]],
  ),
  pendingSignIns: schemaOf<Stored<PendingSignIn>>(pendingSignInFields, [
    [{ accountId: 1 }],
    [{ expiresAt: 1 }, goneAfterADay],
  ]),
  factorRecoveries: schemaOf<FactorRecoveryRest>(factorRecoveryFields, [
    [{ closesAt: 1 }, goneAfterADay],
  ]),
  ceremonies: schemaOf<CeremonyRest>(
    { purpose: oneOf(ceremonyPurposes), subjectId: nullable(text()), expiresAt: date },
    [[{ expiresAt: 1 }, goneAfterADay]],
  ),
  limits: schemaOf<LimitDocument>(
    {
      used: number,
      takenAt: date,
      shutUntil: nullable(date),
      rule: text(),
      scope: text(),
      subject: text(),
      allowed: flag,
      expiresAt: date,
    },
    [[{ shutUntil: 1 }], [{ expiresAt: 1 }, goneAfterADay]],
  ),
  mails: schemaOf<MailDocument>({ ...mailFields, ...atDomain, heldUntil: date }, [
    [{ state: 1, dueAt: 1, createdAt: 1 }],
    [{ to: 1, createdAt: -1 }],
    [{ state: 1, createdAt: -1 }],
    [{ domain: 1, state: 1 }],
    [{ challengeId: 1 }],
    [{ expiresAt: 1 }, goneAfterADay],
  ]),
  holds: schemaOf<{ until: Date }>({ until: date }, [[{ until: 1 }, goneAfterADay]]),
  links: schemaOf<SignedEntry>(entryFields, [
    [{ seq: 1 }, unique],
    [{ checkpoint: 1, at: -1, seq: -1 }],
  ]),
  rules: schemaOf<FactorRule>({ from: date }, []),
  secrets: schemaOf<{ sealed: Sealed }>({ sealed: text() }, []),
  leases: schemaOf<{ holder: string; until: Date }>({ holder: text(), until: date }, [
    [{ until: 1 }, goneAfterADay],
  ]),
  deployment: schemaOf<{ version: number }>({ version: number }, []),
};

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
