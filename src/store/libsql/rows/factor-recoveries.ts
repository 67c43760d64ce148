import type { FactorRecovery } from '../../../records/two-factor.ts';
import type { Value } from '../transaction.ts';
import { date, dateOrNull } from './values.ts';

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
