import { type Clock, minute } from '../../clock.ts';
import type { Observation } from '../claims/observation.ts';
import type { EvidenceLog } from '../evidence-log/evidence-log.ts';
import type { EvidenceRecorder } from '../evidence-log/recorder.ts';
import type { Check } from '../probe/check.ts';
import type { Runs } from './runs.ts';

/** Milliseconds between two looks at what is due. How often a check is due is its own `cadence`: ../probe/check.ts. */
const lookEvery = 30_000;
/** Milliseconds until an inconclusive or failed check is first repeated; one process never starts it again sooner. */
const soon = 5 * minute;
/**
 * Maximum difference between the clocks of processes, in milliseconds. An observation dated further ahead came from a
 * wrong clock.
 */
const skew = 5 * minute;

/**
 * The checks that are due, based on what any process recorded for this build, and those that have failed on other
 * builds since.
 */
export function dueChecks(
  checks: readonly Check[],
  { observations, build, now }: { observations: readonly Observation[]; build: string; now: Date },
): Check[] {
  return checks.filter((check) => {
    const seen = observations.filter(
      (one) => one.check === check.id && one.collectedAt.getTime() <= now.getTime() + skew,
    );
    const newestFirst = seen
      .filter((one) => one.checkVersion === check.version && one.build === build)
      .sort((a, b) => b.collectedAt.getTime() - a.collectedAt.getTime());
    const [last] = newestFirst;
    if (
      last === undefined ||
      seen.some((one) => one.outcome === 'false' && one.collectedAt > last.collectedAt)
    )
      return true;
    return now.getTime() - last.collectedAt.getTime() >= pauseAfter(newestFirst, check);
  });
}

/**
 * The check’s cadence after a success; otherwise a pause that doubles with each miss, up to the cadence, so that a
 * lasting fault does not use up the rate limits of all checks.
 */
function pauseAfter(newestFirst: readonly Observation[], { cadence }: Check): number {
  const success = newestFirst.findIndex(({ outcome }) => outcome === 'true');
  const misses = success < 0 ? newestFirst.length : success;
  return misses === 0 ? cadence : Math.min(cadence, soon * 2 ** (misses - 1));
}

interface Dependencies {
  clock: Clock;
  checks: readonly Check[];
  build: string;
  records: EvidenceRecorder;
  runs: Runs;
}

/** Periodically checks whether something is due. Every process does, and the recorded log shows what is left to do. */
export function makeSchedule({ clock, checks, build, records, runs }: Dependencies): {
  start(): void;
  stop(): void;
} {
  let timer: NodeJS.Timeout | undefined;
  const tried = new Map<string, number>();
  const due = ({ observations }: EvidenceLog) =>
    dueChecks(checks, { observations, build, now: clock.now() }).filter(
      ({ id }) => Date.now() - (tried.get(id) ?? Number.NEGATIVE_INFINITY) >= soon,
    );
  const choose = (recorded: EvidenceLog) => {
    const chosen = due(recorded);
    for (const { id } of chosen) tried.set(id, Date.now());
    return chosen;
  };
  const look = async (trigger: 'start' | 'schedule') => {
    // The store is unavailable for now. The next attempt finds the same checks due.
    const recorded = await records.read().catch(() => null);
    if (recorded && due(recorded).length > 0) await runs.begin(trigger, choose);
  };
  return {
    start() {
      void look('start');
      timer = setInterval(() => void look('schedule'), lookEvery).unref();
    },
    stop() {
      clearInterval(timer);
    },
  };
}
