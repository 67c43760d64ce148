import { sessionMethods, type Hashed, type Session } from '../../../records.ts';
import type { Value } from '../transaction.ts';
import { oneOf, date } from './values.ts';

const sessionMethod = oneOf(sessionMethods, 'session');

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
