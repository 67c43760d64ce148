import type { Hashed, ProviderFlow } from '../../../records.ts';
import type { Value } from '../transaction.ts';
import { date } from './values.ts';

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
