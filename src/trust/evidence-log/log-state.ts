import { z } from 'zod/mini';
import { observation, time, trustRun, type Observation } from '../claims/observation.ts';
import { declaration, type LogEvent, type Declaration } from './events.ts';

/** Something that did not hold: from when to when it was seen, and since when it holds again. */
const finding = z.object({
  check: z.string(),
  reason: z.string(),
  firstSeen: time,
  lastSeen: time,
  closed: z.nullable(time),
});
export type Finding = z.infer<typeof finding>;

/** Everything that stands at one link of the chain, so that what came before need not be read. */
export const standing = z.object({
  lastRun: z.nullable(trustRun),
  /** Of each check the newest failure and the newest success. */
  verdicts: z.array(observation),
  /** Those that are open, and those that were closed not long ago. */
  findings: z.array(finding),
  declared: z.array(declaration),
  /** Claims that the page made once, and makes no more. */
  removed: z.array(z.object({ claim: z.string(), says: z.string(), at: time })),
  statuses: z.record(z.string(), z.object({ status: z.string(), since: time })),
  /** Places before which the chain was found broken. */
  breaks: z.array(z.object({ before: z.number(), noticedAt: time })),
});
export type LogState = z.infer<typeof standing>;

export const emptyState: LogState = {
  lastRun: null,
  verdicts: [],
  findings: [],
  declared: [],
  removed: [],
  statuses: {},
  breaks: [],
};

/** Milliseconds for which what is over is still told. */
const told = 30 * 86_400_000;

/** What stands after these events. */
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

/** What stands once this was seen too. */
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
  const isOver = open && isSuccess(seen) && collectedAt > open.lastSeen;
  return isOver ? [...others, { ...open, closed: collectedAt }] : [...findings];
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
