import { z } from 'zod/mini';
import { day } from '../../clock.ts';
import { observation, time, trustRun, type Observation } from '../claims/observation.ts';
import { declaration, type LogEvent, type Declaration } from './events.ts';

/** A failure: when it was first and last seen, and since when the check passes again. */
const finding = z.object({
  check: z.string(),
  reason: z.string(),
  firstSeen: time,
  lastSeen: time,
  closed: z.nullable(time),
});
export type Finding = z.infer<typeof finding>;

/** The complete state after one entry, so that earlier entries need not be read. */
export const logStateShape = z.object({
  lastRun: z.nullable(trustRun),
  /** The newest failure and the newest success of each check. */
  verdicts: z.array(observation),
  /** Open findings, and those closed recently. */
  findings: z.array(finding),
  declared: z.array(declaration),
  /** Claims that were removed from the page. */
  removed: z.array(z.object({ claim: z.string(), says: z.string(), at: time })),
  statuses: z.record(z.string(), z.object({ status: z.string(), since: time })),
  /** Positions before which the log was found broken. */
  breaks: z.array(z.object({ before: z.number(), noticedAt: time })),
});
export type LogState = z.infer<typeof logStateShape>;

export const emptyState: LogState = {
  lastRun: null,
  verdicts: [],
  findings: [],
  declared: [],
  removed: [],
  statuses: {},
  breaks: [],
};

/** Milliseconds for which closed findings and breaks are still reported. */
const told = 30 * day;

/** The state after these events. */
export function after(before: LogState, events: readonly LogEvent[], at: Date): LogState {
  const stands = events.reduce((so, event) => step(so, event, at), before);
  const isTold = (end: Date) => at.getTime() - end.getTime() < told;
  return {
    ...stands,
    findings: stands.findings.filter(({ closed }) => closed === null || isTold(closed)),
    breaks: stands.breaks.filter(({ noticedAt }) => isTold(noticedAt)),
  };
}

function step(stands: LogState, event: LogEvent, at: Date): LogState {
  switch (event.kind) {
    case 'run':
      return seeing({ ...stands, lastRun: newer(stands.lastRun, event.run) }, event.observations);
    case 'declared': {
      const { kind: _, ...made } = event;
      const removed =
        made.what === 'claim'
          ? stands.removed.filter(({ claim }) => claim !== made.id)
          : stands.removed;
      return { ...stands, removed, declared: [...without(stands.declared, made), made] };
    }
    case 'withdrawn': {
      const gone = stands.declared.find((one) => isSame(one, event));
      const removed =
        gone?.what === 'claim'
          ? [...stands.removed, { claim: gone.id, says: gone.says, at }]
          : stands.removed;
      return { ...stands, removed, declared: without(stands.declared, event) };
    }
    case 'status':
      return {
        ...stands,
        statuses: { ...stands.statuses, [event.claim]: { status: event.to, since: at } },
      };
    case 'broken':
      return { ...stands, breaks: [...stands.breaks, { before: event.before, noticedAt: at }] };
    case 'unheard of':
      return stands;
  }
}

/** The state with these observations added. */
export function seeing(stands: LogState, observations: readonly Observation[]): LogState {
  return {
    ...stands,
    verdicts: newestVerdicts([...stands.verdicts, ...observations]),
    findings: observations.reduce(withFinding, stands.findings),
  };
}

function withFinding(findings: readonly Finding[], seen: Observation): Finding[] {
  const open = findings.find(({ check, closed }) => check === seen.check && closed === null);
  const others = findings.filter((one) => one !== open);
  const { check, reason, collectedAt } = seen;
  if (seen.outcome === 'false') {
    const lastSeen = open && open.lastSeen > collectedAt ? open.lastSeen : collectedAt;
    return [
      ...others,
      { check, reason, firstSeen: open?.firstSeen ?? collectedAt, lastSeen, closed: null },
    ];
  }
  const hasEnded = open && isSuccess(seen) && collectedAt > open.lastSeen;
  return hasEnded ? [...others, { ...open, closed: collectedAt }] : [...findings];
}

function newestVerdicts(observations: readonly Observation[]): Observation[] {
  const newest = new Map<string, Observation>();
  for (const one of observations) {
    const key = isSuccess(one)
      ? `true ${one.check}`
      : one.outcome === 'false'
        ? `false ${one.check}`
        : null;
    const best = key === null ? undefined : newest.get(key);
    if (key !== null && !(best && best.collectedAt > one.collectedAt)) newest.set(key, one);
  }
  return [...newest.values()];
}

function isSuccess({ outcome, controlCaught }: Observation): boolean {
  return outcome === 'true' && controlCaught;
}

function newer(
  last: LogState['lastRun'],
  run: NonNullable<LogState['lastRun']>,
): LogState['lastRun'] {
  return last && last.startedAt > run.startedAt ? last : run;
}

type Named = Pick<Declaration, 'what' | 'id'>;

function isSame(one: Named, other: Named): boolean {
  return one.what === other.what && one.id === other.id;
}

function without(declared: readonly Declaration[], gone: Named): Declaration[] {
  return declared.filter((one) => !isSame(one, gone));
}
