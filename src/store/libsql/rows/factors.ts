import type { Sealed, PasswordHash } from '../../../records.ts';
import type { Factor, PendingSignIn, Ceremony } from '../../../records/two-factor.ts';
import type { Value } from '../transaction.ts';
import { dateOrNull, date } from './values.ts';

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
  provenIssuer,
]: PendingSignInRow): PendingSignIn => ({
  id,
  accountId,
  method,
  stay: stay === 1,
  provenHash,
  provenIssuer,
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
  pending.provenIssuer,
];

export const fromCeremony = ({
  challengeHash,
  purpose,
  subjectId,
  expiresAt,
}: Ceremony): Value[] => [challengeHash, purpose, subjectId, expiresAt.getTime()];
