import type { Identity } from '../../../records.ts';
import type { Value } from '../transaction.ts';
import { date } from './values.ts';

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
