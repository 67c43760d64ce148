import type { Sealed, QueuedMail } from '../../../records.ts';
import { domainOf } from '../../keys.ts';
import type { Value } from '../transaction.ts';
import { date } from './values.ts';

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
