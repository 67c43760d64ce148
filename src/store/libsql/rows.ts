import {
  challengePurposes,
  sessionMethods,
  type Account,
  type Ceremony,
  type SignedEntry,
  type Challenge,
  type Factor,
  type FactorRecovery,
  type Hashed,
  type Identity,
  type PasswordHash,
  type PendingSignIn,
  type ProviderFlow,
  type QueuedMail,
  type Sealed,
  type SecurityEvent,
  type Session,
  type SignUp,
} from '../../records.ts';
import { domainOf, nameKeyOf } from '../keys.ts';
import type { Value } from './transaction.ts';

/** Columns in the order in which rows are read and values are bound. */
const columns = {
  accounts: [
    'id',
    'email',
    'name',
    'password_hash',
    'operator',
    'created_at',
    'domain',
    'name_key',
    'restoring',
  ],
  sign_ups: [
    'id',
    'email',
    'name',
    'password_hash',
    'challenge_id',
    'created_at',
    'expires_at',
    'domain',
  ],
  challenges: [
    'id',
    'purpose',
    'email',
    'subject_id',
    'code_hash',
    'attempts_left',
    'sent_at',
    'expires_at',
    'ended_at',
    'domain',
  ],
  sessions: [
    'id',
    'token_hash',
    'account_id',
    'method',
    'device',
    'address',
    'idle',
    'created_at',
    'last_used_at',
    'expires_at',
    'confirmed_at',
    'device_first_used_at',
  ],
  identities: ['provider', 'subject', 'account_id', 'email', 'connected_at'],
  flows: ['state_hash', 'provider', 'purpose', 'account_id', 'return_path', 'expires_at'],
  events: ['id', 'at', 'action', 'account_id', 'actor_id', 'target', 'address', 'device'],
  factors: [
    'id',
    'account_id',
    'type',
    'name',
    'secret',
    'credential_id',
    'public_key',
    'transports',
    'counter',
    'confirmed_at',
    'created_at',
    'last_used_at',
    'uv_initialized',
  ],
  pending_sign_ins: [
    'id',
    'account_id',
    'method',
    'stay',
    'proven_hash',
    'expires_at',
    'proven_subject',
  ],
  factor_recoveries: ['account_id', 'opens_at', 'closes_at', 'used_at', 'stopped_at'],
  ceremonies: ['challenge_hash', 'purpose', 'subject_id', 'expires_at'],
  mails: [
    'id',
    'recipient',
    'content',
    'challenge_id',
    'state',
    'tries',
    'created_at',
    'due_at',
    'expires_at',
    'last_error',
    'domain',
  ],
  links: ['seq', 'at', 'checkpoint', 'jws'],
} as const;
type Table = keyof typeof columns;

export const columnsOf = (table: Table): string =>
  columns[table].map((column) => `${table}.${column}`).join(', ');
export const insertInto = (table: Table): string =>
  `INSERT INTO ${table} (${columns[table].join(', ')}) VALUES (${columns[table].map(() => '?').join(', ')})`;

/** No address has this domain, so excluding it excludes nothing. */
export const noDomain = '';

/**
 * The schema checks types and missing values. What it cannot check fails here, for this record only, with the record’s
 * name.
 */
const oneOf = <Word extends string>(words: readonly Word[], record: string) => {
  const known = new Set<string>(words);
  return (word: Word, id: string): Word => {
    if (!known.has(word)) throw new Error(`The ${record} ${id} is damaged.`);
    return word;
  };
};
const purpose = oneOf(challengePurposes, 'challenge');
const sessionMethod = oneOf(sessionMethods, 'session');

/**
 * ECMA-262 §21.4.1.1. Later dates are invalid and compare false with every date, so a record with one would never
 * expire.
 */
const lastDate = 8.64e15;
export const date = (ms: number): Date => {
  if (Math.abs(ms) > lastDate) throw new Error('A record is damaged: its time is none.');
  return new Date(ms);
};
export const dateOrNull = (ms: number | null): Date | null => (ms === null ? null : date(ms));

export type AccountRow = [
  string,
  string,
  string,
  PasswordHash | null,
  number,
  number,
  string,
  string,
  string | null,
];
export const toAccount = ([
  id,
  email,
  name,
  passwordHash,
  operator,
  createdAt,
  ,
  ,
  restoring,
]: AccountRow): Account => ({
  id,
  email: restoring ?? email,
  name,
  passwordHash,
  operator: operator === 1,
  createdAt: date(createdAt),
});
export const fromAccount = (account: Account): Value[] => [
  account.id,
  account.email,
  account.name,
  account.passwordHash,
  Number(account.operator),
  account.createdAt.getTime(),
  domainOf(account.email),
  nameKeyOf(account.name),
  null,
];

export type SignUpRow = [string, string, string, PasswordHash, string, number, number, string];
export const toSignUp = ([
  id,
  email,
  name,
  passwordHash,
  challengeId,
  createdAt,
  expiresAt,
]: SignUpRow): SignUp => ({
  id,
  email,
  name,
  passwordHash,
  challengeId,
  createdAt: date(createdAt),
  expiresAt: date(expiresAt),
});
export const fromSignUp = (signUp: SignUp): Value[] => [
  signUp.id,
  signUp.email,
  signUp.name,
  signUp.passwordHash,
  signUp.challengeId,
  signUp.createdAt.getTime(),
  signUp.expiresAt.getTime(),
  domainOf(signUp.email),
];

export type ChallengeRow = [
  string,
  Challenge['purpose'],
  string,
  string | null,
  Hashed,
  number,
  number,
  number,
  number | null,
  string,
];
export const toChallenge = ([
  id,
  word,
  email,
  subjectId,
  codeHash,
  attemptsLeft,
  sentAt,
  expiresAt,
  endedAt,
]: ChallengeRow): Challenge => ({
  id,
  purpose: purpose(word, id),
  email,
  subjectId,
  codeHash,
  attemptsLeft,
  sentAt: date(sentAt),
  expiresAt: date(expiresAt),
  endedAt: dateOrNull(endedAt),
});
export const fromChallenge = (challenge: Challenge): Value[] => [
  challenge.id,
  challenge.purpose,
  challenge.email,
  challenge.subjectId,
  challenge.codeHash,
  challenge.attemptsLeft,
  challenge.sentAt.getTime(),
  challenge.expiresAt.getTime(),
  challenge.endedAt?.getTime() ?? null,
  domainOf(challenge.email),
];

export type SessionRow = [
  string,
  Hashed,
  string,
  Session['method'],
  string,
  string,
  number,
  number,
  number,
  number,
  number,
  number,
];
export const toSession = ([
  id,
  tokenHash,
  accountId,
  method,
  device,
  address,
  idle,
  createdAt,
  lastUsedAt,
  expiresAt,
  confirmedAt,
  deviceFirstUsedAt,
]: SessionRow): Session => ({
  id,
  tokenHash,
  accountId,
  method: sessionMethod(method, id),
  device,
  address,
  idle,
  createdAt: date(createdAt),
  lastUsedAt: date(lastUsedAt),
  expiresAt: date(expiresAt),
  confirmedAt: date(confirmedAt),
  deviceFirstUsedAt: date(deviceFirstUsedAt),
});
export const fromSession = (session: Session): Value[] => [
  session.id,
  session.tokenHash,
  session.accountId,
  session.method,
  session.device,
  session.address,
  session.idle,
  session.createdAt.getTime(),
  session.lastUsedAt.getTime(),
  session.expiresAt.getTime(),
  session.confirmedAt.getTime(),
  session.deviceFirstUsedAt.getTime(),
];

export type IdentityRow = [Identity['provider'], string, string, string, number];
export const toIdentity = ([
  provider,
  subject,
  accountId,
  email,
  connectedAt,
]: IdentityRow): Identity => ({
  provider,
  subject,
  accountId,
  email,
  connectedAt: date(connectedAt),
});
export const fromIdentity = ({
  provider,
  subject,
  accountId,
  email,
  connectedAt,
}: Identity): Value[] => [provider, subject, accountId, email, connectedAt.getTime()];

export type FlowRow = [
  Hashed,
  ProviderFlow['provider'],
  ProviderFlow['purpose'],
  string | null,
  string,
  number,
];
export const toFlow = ([
  stateHash,
  provider,
  purpose,
  accountId,
  to,
  expiresAt,
]: FlowRow): ProviderFlow => ({
  stateHash,
  provider,
  purpose,
  accountId,
  to,
  expiresAt: date(expiresAt),
});
export const fromFlow = ({
  stateHash,
  provider,
  purpose,
  accountId,
  to,
  expiresAt,
}: ProviderFlow): Value[] => [stateHash, provider, purpose, accountId, to, expiresAt.getTime()];

export type EventRow = [
  string,
  number,
  string,
  string,
  string | null,
  string | null,
  string,
  string,
];
export const toEvent = ([
  id,
  at,
  action,
  accountId,
  actorId,
  target,
  address,
  device,
]: EventRow): SecurityEvent => ({
  id,
  at: date(at),
  action,
  accountId,
  actorId,
  target,
  address,
  device,
});
export const fromEvent = (event: SecurityEvent): Value[] => [
  event.id,
  event.at.getTime(),
  event.action,
  event.accountId,
  event.actorId,
  event.target,
  event.address,
  event.device,
];

export type FactorRow = [
  string,
  string,
  Factor['type'],
  string,
  Sealed | null,
  string | null,
  string | null,
  string | null,
  number,
  number | null,
  number,
  number | null,
  number,
];
export const toFactor = ([
  id,
  accountId,
  type,
  name,
  secret,
  credentialId,
  publicKey,
  transports,
  counter,
  confirmedAt,
  createdAt,
  lastUsedAt,
  uvInitialized,
]: FactorRow): Factor => ({
  id,
  accountId,
  type,
  name,
  secret,
  credentialId,
  publicKey,
  transports,
  counter,
  confirmedAt: dateOrNull(confirmedAt),
  createdAt: date(createdAt),
  lastUsedAt: dateOrNull(lastUsedAt),
  uvInitialized: uvInitialized === 1,
});
export const fromFactor = (factor: Factor): Value[] => [
  factor.id,
  factor.accountId,
  factor.type,
  factor.name,
  factor.secret,
  factor.credentialId,
  factor.publicKey,
  factor.transports,
  factor.counter,
  factor.confirmedAt?.getTime() ?? null,
  factor.createdAt.getTime(),
  factor.lastUsedAt?.getTime() ?? null,
  Number(factor.uvInitialized),
];

export type PendingSignInRow = [
  string,
  string,
  PendingSignIn['method'],
  number,
  PasswordHash | null,
  number,
  string | null,
];
export const toPendingSignIn = ([
  id,
  accountId,
  method,
  stay,
  provenHash,
  expiresAt,
  provenSubject,
]: PendingSignInRow): PendingSignIn => ({
  id,
  accountId,
  method,
  stay: stay === 1,
  provenHash,
  provenSubject,
  expiresAt: date(expiresAt),
});
export const fromPendingSignIn = (pending: PendingSignIn): Value[] => [
  pending.id,
  pending.accountId,
  pending.method,
  Number(pending.stay),
  pending.provenHash,
  pending.expiresAt.getTime(),
  pending.provenSubject,
];

export type FactorRecoveryRow = [string, number, number, number | null, number | null];
export const toFactorRecovery = ([
  accountId,
  opensAt,
  closesAt,
  usedAt,
  stoppedAt,
]: FactorRecoveryRow): FactorRecovery => ({
  accountId,
  opensAt: date(opensAt),
  closesAt: date(closesAt),
  usedAt: dateOrNull(usedAt),
  stoppedAt: dateOrNull(stoppedAt),
});
export const fromFactorRecovery = ({
  accountId,
  opensAt,
  closesAt,
  usedAt,
  stoppedAt,
}: FactorRecovery): Value[] => [
  accountId,
  opensAt.getTime(),
  closesAt.getTime(),
  usedAt?.getTime() ?? null,
  stoppedAt?.getTime() ?? null,
];

export const fromCeremony = ({
  challengeHash,
  purpose,
  subjectId,
  expiresAt,
}: Ceremony): Value[] => [challengeHash, purpose, subjectId, expiresAt.getTime()];

export type MailRow = [
  string,
  string,
  Sealed | null,
  string | null,
  QueuedMail['state'],
  number,
  number,
  number,
  number,
  string | null,
  string,
];
export const toMail = ([
  id,
  to,
  content,
  challengeId,
  state,
  tries,
  createdAt,
  dueAt,
  expiresAt,
  lastError,
]: MailRow): QueuedMail => ({
  id,
  to,
  content,
  challengeId,
  state,
  tries,
  createdAt: date(createdAt),
  dueAt: date(dueAt),
  expiresAt: date(expiresAt),
  lastError,
});
export const fromMail = (mail: QueuedMail): Value[] => [
  mail.id,
  mail.to,
  mail.content,
  mail.challengeId,
  mail.state,
  mail.tries,
  mail.createdAt.getTime(),
  mail.dueAt.getTime(),
  mail.expiresAt.getTime(),
  mail.lastError,
  domainOf(mail.to),
];

export type EntryRow = [number, number, number, string];
export const toEntry = ([seq, at, checkpoint, jws]: EntryRow): SignedEntry => ({
  seq,
  at: date(at),
  checkpoint: checkpoint === 1,
  jws,
});
export const fromEntry = (link: SignedEntry): Value[] => [
  link.seq,
  link.at.getTime(),
  Number(link.checkpoint),
  link.jws,
];
