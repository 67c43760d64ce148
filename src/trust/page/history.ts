import { type ClaimView, historyDays } from '../../api/trust.ts';
import { day } from '../../clock.ts';
import type { Observation } from '../claims/observation.ts';

/** The worst status of each day, in UTC, today last. */
export function historyOf(observations: readonly Observation[], now: Date): ClaimView['history'] {
  const today = dayOf(now);
  const outcomes = new Map<number, Set<Observation['outcome']>>();
  for (const { collectedAt, outcome } of observations) {
    const dayNumber = dayOf(collectedAt);
    outcomes.set(dayNumber, (outcomes.get(dayNumber) ?? new Set()).add(outcome));
  }
  return Array.from({ length: historyDays }, (_, at) => {
    const dayNumber = today - (historyDays - 1 - at);
    return {
      day: new Date(dayNumber * day).toISOString().slice(0, 10),
      outcome: worst(outcomes.get(dayNumber) ?? new Set()),
    };
  });
}

/** The number of the day, in UTC, since 1 January 1970. */
export function dayOf(date: Date): number {
  return Math.floor(date.getTime() / day);
}

function worst(
  outcomes: ReadonlySet<Observation['outcome']>,
): ClaimView['history'][number]['outcome'] {
  if (outcomes.has('false')) return 'false';
  if (outcomes.has('unknown') || outcomes.has('error')) return 'unknown';
  return outcomes.has('true') ? 'true' : null;
}
