import type { SecurityEvent } from '../../../records.ts';
import type { Value } from '../transaction.ts';
import { date } from './values.ts';

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
