import { type IndexDefinition, type IndexOptions, Schema } from 'mongoose';
import type { SecurityEvent, SignedEntry, Sealed } from '../../records.ts';
import {
  type Factor,
  type PendingSignIn,
  ceremonyPurposes,
  type FactorRule,
} from '../../records/two-factor.ts';
import type {
  AccountDocument,
  SignUpDocument,
  ChallengeDocument,
  SessionDocument,
  Device,
  IdentityDocument,
  FlowDocument,
  UndoRest,
  Codes,
  ClosingRest,
  FactorRecoveryRest,
  CeremonyRest,
  LimitDocument,
  MailDocument,
} from './document-types.ts';
import {
  accountFields,
  signUpFields,
  challengeFields,
  sessionFields,
  identityFields,
  flowFields,
  type Stored,
  eventFields,
  factorFields,
  pendingSignInFields,
  factorRecoveryFields,
  mailFields,
  entryFields,
} from './documents.ts';
import { type Fields, text, nullable, tally, date, flag, number, texts, oneOf } from './fields.ts';

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

export const schemas = {
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
  identities: schemaOf<IdentityDocument>(identityFields, [
    [{ provider: 1, issuer: 1, subject: 1 }, unique],
    [{ accountId: 1, provider: 1 }, unique],
  ]),
  flows: schemaOf<FlowDocument>(flowFields, [[{ expiresAt: 1 }, goneAfterADay]]),
  claims: schemaOf<{ expiresAt: Date }>({ expiresAt: date }, [[{ expiresAt: 1 }, goneAfterADay]]),
  events: schemaOf<Stored<SecurityEvent>>(eventFields, [
    [{ accountId: 1, at: -1, _id: -1 }],
    [{ action: 1, at: -1, _id: -1 }],
    [{ actorId: 1 }],
    [{ target: 1 }],
  ]),
  undos: schemaOf<UndoRest>(
    { accountId: text(), seq: number, since: date, email: text(), expiresAt: date, action: text() },
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
