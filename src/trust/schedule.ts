import type { Observation } from '../store/port.ts';
import type { Check } from './check.ts';

/** A check that came to nothing, or found something, is made again sooner. */
const soon = 5 * 60_000;
/** Clocks of several processes differ by less; what is dated further ahead was dated by a clock that went wrong. */
const skew = 5 * 60_000;

/** The checks whose turn it is, going by what any process recorded for this build. */
export function dueChecks(checks: readonly Check[], { observations, build, now }: { observations: readonly Observation[]; build: string; now: Date }): Check[] {
  return checks.filter((check) => {
    const last = observations
      .filter((one) => one.check === check.id && one.checkVersion === check.version && one.build === build)
      .filter(({ collectedAt }) => collectedAt.getTime() <= now.getTime() + skew)
      .reduce<Observation | null>((best, one) => (best && best.collectedAt > one.collectedAt ? best : one), null);
    const wait = last?.outcome === 'true' ? check.cadence : Math.min(check.cadence, soon);
    return last === null || now.getTime() - last.collectedAt.getTime() >= wait;
  });
}
