import { addMs, type Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Observation } from '../claims/observation.ts';
import type { Sources } from '../probe/check-context.ts';
import type { Check } from '../probe/check.ts';
import { perform, type Performed } from '../probe/controls.ts';
import { Hindered, Inconclusive } from '../probe/exchange.ts';
import type { TestInstance } from '../probe/test-instance.ts';
import type { Progress } from './progress.ts';

/** Milliseconds per check. */
const timeoutMs = 40_000;

interface Running {
  clock: Clock;
  log: Log;
  build: string;
  signal: AbortSignal;
  sources: Omit<Sources, 'keep'>;
  progress: Progress;
  /** Whether an unexpired success of the check exists for this build. */
  stands(check: Check): boolean;
}

/**
 * Runs these checks one after the other. A check that cannot finish gets an observation that says so, and does not
 * affect the others.
 */
export async function runChecks(
  checks: readonly Check[],
  running: Running,
): Promise<Observation[]> {
  const { progress } = running;
  const observations: Observation[] = [];
  for (const check of checks) {
    progress.set(check, 'under way');
    const performed = running.signal.aborted
      ? inconclusive('error', 'The run ended before this check started.')
      : await performSafely(check, running);
    progress.set(check, performed?.finding.outcome ?? 'stands');
    if (performed) observations.push(observationOf(check, performed, running));
  }
  return observations;
}

/** `null` if rate limits prevented the check and an earlier success is still valid. */
async function performSafely(check: Check, running: Running): Promise<Performed | null> {
  const testInstances: TestInstance[] = [];
  try {
    return await within(
      timeoutMs,
      running.signal,
      perform(check, {
        ...running.sources,
        keep: (testInstance) => testInstances.push(testInstance),
      }),
    );
  } catch (error) {
    if (error instanceof Hindered)
      return running.stands(check) ? null : inconclusive('unknown', error.message);
    if (error instanceof Inconclusive) return inconclusive('error', error.message);
    running.log.warn({ check: check.id, err: error }, 'A check could not be completed.');
    return inconclusive('error', 'The check could not be completed. The server log has the cause.');
  } finally {
    await Promise.allSettled(testInstances.map((testInstance) => testInstance.close()));
  }
}

function inconclusive(outcome: 'unknown' | 'error', reason: string): Performed {
  return {
    finding: { outcome, reason, examined: 0, population: 0 },
    control: { caught: false, saw: 'Not run: the check has no result to test.' },
  };
}

function observationOf(
  { id, version, ttl }: Check,
  { finding, control }: Performed,
  { clock, build }: Running,
): Observation {
  const collectedAt = clock.now();
  return {
    check: id,
    checkVersion: version,
    build,
    ...finding,
    controlCaught: control.caught,
    controlSaw: control.saw,
    collectedAt,
    expiresAt: addMs(collectedAt, ttl),
  };
}

function within<CheckResponse>(
  milliseconds: number,
  signal: AbortSignal,
  work: Promise<CheckResponse>,
): Promise<CheckResponse> {
  const seconds = milliseconds / 1000;
  return new Promise<CheckResponse>((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Inconclusive(`The check did not finish within ${seconds} seconds.`)),
      milliseconds,
    ).unref();
    const stop = () => reject(new Inconclusive('The run ended before this check finished.'));
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => {
      clearTimeout(late);
      signal.removeEventListener('abort', stop);
    });
  });
}
