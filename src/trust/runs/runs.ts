import { setTimeout as sleep } from 'node:timers/promises';
import type { Step } from '../../api/trust.ts';
import { StoreUnavailable } from '../../store/port/errors.ts';
import type { TrustRun } from '../claims/observation.ts';
import type { EvidenceLog } from '../evidence-log/evidence-log.ts';
import type { EvidenceRecorder } from '../evidence-log/recorder.ts';
import type { Check } from '../probe/check.ts';
import { makeProgress } from './progress.ts';
import { makeRunLease } from './run-lease.ts';
import { runOnce, type RunnerParts } from './runner.ts';

type Choose = (recorded: EvidenceLog) => readonly Check[];

/** The runs of this process: one at a time. None of them throws. */
export interface Runs {
  /**
   * Runs the checks that `choose` returns, or joins the run under way in this process. If another process has a run
   * under way, `operator` and `cron` wait for it, and replace it if that process stops responding; `start` and
   * `schedule` do nothing.
   */
  begin(trigger: TrustRun['trigger'], choose: Choose): Promise<void>;
  /** Whether any process has a run under way. */
  isUnderWay(): Promise<boolean>;
  /** Progress of the run in this process. */
  steps(): readonly Step[];
  /** Stops the current run and prevents new ones. */
  stop(): Promise<void>;
}

const askAgainEvery = 1_000;

export function makeRuns(
  parts: RunnerParts,
  { build, records }: { build: string; records: EvidenceRecorder },
): Runs {
  const { log } = parts;
  const lease = makeRunLease(parts);
  const progress = makeProgress();
  const stopping = new AbortController();
  const { signal } = stopping;
  let underWay: Promise<void> | null = null;

  const once = (trigger: TrustRun['trigger'], choose: Choose) =>
    runOnce(parts, { trigger, choose, build, records, lease, progress, stopping: signal });
  const untilRun = async (trigger: TrustRun['trigger'], choose: Choose) => {
    const before = (await records.read()).state.lastRun;
    while (!(await once(trigger, choose))) {
      await sleep(askAgainEvery, undefined, { signal, ref: false }).catch(() => {});
      const { lastRun } = (await records.read()).state;
      if (signal.aborted || lastRun?.id !== before?.id) return;
    }
  };
  const report = (error: unknown) => {
    if (error instanceof StoreUnavailable)
      log.warn(
        { reason: error.message },
        'The checks are postponed: the database does not answer.',
      );
    else log.error({ err: error }, 'The checks could not be run.');
  };
  const isAskedFor = { start: false, schedule: false, operator: true, cron: true };
  const work = async (trigger: TrustRun['trigger'], choose: Choose) => {
    await (isAskedFor[trigger] ? untilRun : once)(trigger, choose).catch(report);
    progress.end();
    underWay = null;
  };

  return {
    begin(trigger, choose) {
      if (signal.aborted) return Promise.resolve();
      underWay ??= work(trigger, choose);
      return underWay;
    },
    steps: progress.steps,
    isUnderWay: async () => underWay !== null || lease.isTaken(),
    async stop() {
      stopping.abort();
      await underWay;
    },
  };
}
