import {
  type Account,
  type SignedEntry,
  type Challenge,
  type Hashed,
  type Identity,
  type ProviderFlow,
  type QueuedMail,
  type SecurityEvent,
  type Session,
  type SignUp,
  challengePurposes,
  flowPurposes,
  mailStates,
  providers,
  sessionMethods,
} from '../../records.ts';
import {
  type Factor,
  type FactorRecovery,
  type PendingSignIn,
  factorTypes,
} from '../../records/two-factor.ts';
import { type Field, type Fields, text, oneOf, number, flag, date, nullable } from './fields.ts';

/** Schema version of a document, stored in its `v`. */
export const documentVersion = 1;

/** A record as stored: our string ID in `_id`, without an `ObjectId`. */
export type Stored<Kept extends { id: string }> = Omit<Kept, 'id'> & { _id: string; v: number };
type Kind<Kept> = Fields<Omit<Kept, 'id'>>;

export const accountFields: Kind<Account> = {
  email: text(),
  name: text(),
  passwordHash: nullable(text()),
  operator: flag,
  createdAt: date,
};

export const signUpFields: Kind<SignUp> = {
  email: text(),
  name: text(),
  passwordHash: text(),
  challengeId: text(),
  createdAt: date,
  expiresAt: date,
};

export const challengeFields: Kind<Challenge> = {
  purpose: oneOf(challengePurposes),
  email: text(),
  subjectId: nullable(text()),
  codeHash: text(),
  attemptsLeft: number,
  sentAt: date,
  expiresAt: date,
  endedAt: nullable(date),
};

export const sessionFields: Kind<Session> = {
  tokenHash: text(),
  accountId: text(),
  method: oneOf(sessionMethods),
  device: text(),
  address: text(),
  idle: number,
  createdAt: date,
  lastUsedAt: date,
  expiresAt: date,
  confirmedAt: date,
  deviceFirstUsedAt: date,
};

export const factorFields: Kind<Factor> = {
  accountId: text(),
  type: oneOf(factorTypes),
  name: text(),
  secret: nullable(text()),
  credentialId: nullable(text()),
  publicKey: nullable(text()),
  transports: nullable(text()),
  counter: number,
  confirmedAt: nullable(date),
  createdAt: date,
  lastUsedAt: nullable(date),
  uvInitialized: flag,
};

export const pendingSignInFields: Kind<PendingSignIn> = {
  accountId: text(),
  method: oneOf(sessionMethods),
  stay: flag,
  provenHash: nullable(text()),
  provenIssuer: nullable(text()),
  provenSubject: nullable(text()),
  expiresAt: date,
};

export const factorRecoveryFields: Kind<Omit<FactorRecovery, 'accountId'> & { id: string }> = {
  opensAt: date,
  closesAt: date,
  usedAt: nullable(date),
  stoppedAt: nullable(date),
};

export const identityFields: Fields<Identity> = {
  provider: oneOf(providers),
  issuer: nullable(text()),
  subject: text(),
  accountId: text(),
  email: text(),
  connectedAt: date,
};

export const flowFields: Kind<Omit<ProviderFlow, 'stateHash'> & { id: string }> = {
  provider: oneOf(providers),
  purpose: oneOf(flowPurposes),
  accountId: nullable(text()),
  to: text(),
  expiresAt: date,
};

export const eventFields: Kind<SecurityEvent> = {
  at: date,
  action: text(),
  accountId: text(),
  actorId: nullable(text()),
  target: nullable(text()),
  address: text(),
  device: text(),
};

export const mailFields: Kind<QueuedMail> = {
  to: text(),
  content: nullable(text()),
  challengeId: nullable(text()),
  state: oneOf(mailStates),
  tries: number,
  createdAt: date,
  dueAt: date,
  expiresAt: date,
  lastError: nullable(text()),
};

/** An entry is identified by its position, which is unique. */
export const entryFields: Kind<SignedEntry & { id: string }> = {
  seq: number,
  at: date,
  checkpoint: flag,
  jws: text(),
};

/** Converts a record to a document. */
export function toDocument<Kept extends { id: string }>({ id, ...rest }: Kept): Stored<Kept> {
  return { _id: id, v: documentVersion, ...rest };
}

/**
 * Reads a document and validates its fields. A damaged document fails on its own, with an error that names the fault.
 */
function reader<Kept extends { id: string }>(
  kind: string,
  fields: Kind<Kept>,
): (document: unknown) => Kept {
  const entries: [string, Field<unknown>][] = Object.entries(fields);
  return (document) => {
    // The fields are validated one by one below.
    const found = document as Record<string, unknown>;
    const record: Record<string, unknown> = { id: found._id };
    for (const [name, field] of entries) {
      if (!field.holds(found[name]))
        throw new Error(`The ${kind} ${String(found._id)} is damaged: ${name}.`);
      record[name] = found[name];
    }
    // Every field of `Kept` was validated against the table that its type requires.
    return record as unknown as Kept;
  };
}

const toKeptAccount = reader<Account>('account', accountFields);
/** An account whose address another account has is stored under a key of its own: see `contestedKey`. */
export function toAccount(document: unknown): Account {
  const account = toKeptAccount(document);
  const restoring =
    typeof document === 'object' && document !== null && 'restoring' in document
      ? document.restoring
      : null;
  return typeof restoring === 'string' ? { ...account, email: restoring } : account;
}
export const toSignUp = reader<SignUp>('sign-up', signUpFields);
export const toChallenge = reader<Challenge>('challenge', challengeFields);
export const toSession = reader<Session>('session', sessionFields);
export const toFactor = reader<Factor>('factor', factorFields);
export const toPendingSignIn = reader<PendingSignIn>('pending sign-in', pendingSignInFields);
export const toIdentity = reader<Identity & { id: string }>('identity', identityFields);
export const toFlow = reader<Omit<ProviderFlow, 'stateHash'> & { id: Hashed }>('flow', flowFields);
export const toEvent = reader<SecurityEvent>('event', eventFields);
export const toMail = reader<QueuedMail>('mail', mailFields);

const toWholeFactorRecovery = reader<Omit<FactorRecovery, 'accountId'> & { id: string }>(
  'recovery of factors',
  factorRecoveryFields,
);
export function toFactorRecovery(document: unknown): FactorRecovery {
  const { id: accountId, ...rest } = toWholeFactorRecovery(document);
  return { accountId, ...rest };
}

const toWholeEntry = reader<SignedEntry & { id: string }>('link', entryFields);
export function toEntry(document: unknown): SignedEntry {
  const { seq, at, checkpoint, jws } = toWholeEntry(document);
  return { seq, at, checkpoint, jws };
}
