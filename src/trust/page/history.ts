import { type ClaimView, historyDays } from '../../api/trust.ts';
import type { Observation } from '../claims/observation.ts';

export const dayLength = 86_400_000;

/** The worst status of each day, in UTC, today last. */
export function historyOf(observations: readonly Observation[], now: Date): ClaimView['history'] {
  const today = dayOf(now);
  const outcomes = new Map<number, Set<Observation['outcome']>>();
  for (const { collectedAt, outcome } of observations) {
    const day = dayOf(collectedAt);
    outcomes.set(day, (outcomes.get(day) ?? new Set()).add(outcome));
  }
  return Array.from({ length: historyDays }, (_, at) => {
    const day = today - (historyDays - 1 - at);
    return {
      day: new Date(day * dayLength).toISOString().slice(0, 10),
      outcome: worst(outcomes.get(day) ?? new Set()),
    };
  });
}

export function dayOf(date: Date): number {
  return Math.floor(date.getTime() / dayLength);
}

function worst(
  outcomes: ReadonlySet<Observation['outcome']>,
): ClaimView['history'][number]['outcome'] {
  if (outcomes.has('false')) return 'false';
  if (outcomes.has('unknown') || outcomes.has('error')) return 'unknown';
  return outcomes.has('true') ? 'true' : null;
}
