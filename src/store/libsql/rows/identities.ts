import type { Identity, IdentityKey } from '../../../records.ts';
import type { Value } from '../transaction.ts';
import { date } from './values.ts';

/** Stored for an identity without an issuer, because a column of the primary key cannot be NULL. */
export const noIssuer = '';

export type IdentityRow = [Identity['provider'], string, string, string, string, number];

export const toIdentity = ([
  provider,
  issuer,
  subject,
  accountId,
  email,
  connectedAt,
]: IdentityRow): Identity => ({
  provider,
  issuer: issuer === noIssuer ? null : issuer,
  subject,
  accountId,
  email,
  connectedAt: date(connectedAt),
});

export const fromIdentity = ({
  provider,
  issuer,
  subject,
  accountId,
  email,
  connectedAt,
}: Identity & IdentityKey): Value[] => [
  provider,
  issuer,
  subject,
  accountId,
  email,
  connectedAt.getTime(),
];
