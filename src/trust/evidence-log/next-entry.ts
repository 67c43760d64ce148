import { day } from '../../clock.ts';
import type { Observation, TrustRun } from '../claims/observation.ts';
import type { Link } from './entry.ts';
import type { LogEvent, Declaration } from './events.ts';
import type { EvidenceLog } from './evidence-log.ts';
import { after } from './log-state.ts';

/** Milliseconds between two checkpoints. */
const checkpointEvery = day;

interface Made {
  at: Date;
  build: string;
  run: TrustRun;
  observations: readonly Observation[];
  /** Everything that the page declares now. */
  declared: readonly Declaration[];
  /** The status of each claim, given these observations. */
  statuses(observations: readonly Observation[]): Readonly<Record<string, string>>;
}

/** The entry that records a run and everything that changed since the newest entry. */
export function nextEntry(
  { head, checkpoint, state, observations: known, brokenBefore }: EvidenceLog,
  made: Made,
): Link {
  const { at, build, run, observations } = made;
  const isNews =
    brokenBefore !== null && !state.breaks.some(({ before }) => before === brokenBefore);
  const events: LogEvent[] = [
    ...(isNews ? [{ kind: 'broken' as const, before: brokenBefore }] : []),
    ...changes(state.declared, made.declared),
    { kind: 'run', run, observations: [...observations] },
    ...statusChanges(state.statuses, made.statuses([...known, ...observations])),
  ];
  const isDue =
    isNews || !checkpoint || Math.abs(at.getTime() - checkpoint.at.getTime()) >= checkpointEvery;
  return {
    seq: (head?.seq ?? 0) + 1,
    previous: head?.hash ?? null,
    at,
    build,
    events,
    ...(isDue && { standing: after(state, events, at) }),
  };
}

function changes(before: readonly Declaration[], now: readonly Declaration[]): LogEvent[] {
  const key = ({ what, id }: Declaration) => `${what} ${id}`;
  const [digests, kept] = [
    new Map(before.map((one) => [key(one), one.digest])),
    new Set(now.map(key)),
  ];
  return [
    ...now
      .filter((one) => digests.get(key(one)) !== one.digest)
      .map((one) => ({ kind: 'declared' as const, ...one })),
    ...before
      .filter((one) => !kept.has(key(one)))
      .map(({ what, id }) => ({ kind: 'withdrawn' as const, what, id })),
  ];
}

function statusChanges(
  before: EvidenceLog['state']['statuses'],
  now: Readonly<Record<string, string>>,
): LogEvent[] {
  const changed = Object.entries(now).filter(([claim, status]) => before[claim]?.status !== status);
  return changed.map(([claim, to]) => ({
    kind: 'status',
    claim,
    from: before[claim]?.status ?? null,
    to,
  }));
}
