import { StoreUnavailable, type TrustRun } from '../store/port.ts';
import { buildDigest } from './build.ts';
import type { Check } from './check.ts';
import { checks } from './checks.ts';
import { claims, factsOf, type DeploymentFacts } from './claims.ts';
import { makeRecords, type Recorded } from './records.ts';
import { runOnce, type RunnerParts } from './runner.ts';
import { dueChecks } from './schedule.ts';
import { readSecuritySource } from './security-source.ts';
import type { TrustView } from './shapes.ts';
import { makeTurn } from './turn.ts';
import { viewOf } from './view.ts';

export interface Trust {
  /** The opening paragraphs of `security.md`. */
  intro: string;
  view(): Promise<TrustView>;
  /** In any process. */
  isRunning(): Promise<boolean>;
  /** Makes all checks; resolves when they are made. Where a run is under way, in any process, none is begun. */
  run(trigger: TrustRun['trigger']): Promise<void>;
  /** The same, resolving at once. */
  request(trigger: TrustRun['trigger']): Promise<void>;
  /** From now on each check is made when its turn comes. */
  start(): void;
  stop(): Promise<void>;
}

export interface TrustParts extends RunnerParts {
  version: string;
  vercel: boolean;
}

/** Milliseconds: after the start, so that the listener is up, and between two looks at what is due. */
const firstLook = 300;
const lookEvery = 30_000;
/** For as long a check is left alone by this process, whatever came of it. */
const leaveAlone = 5 * 60_000;

/** The trust half of a deployment. @throws SecuritySourceBroken */
export function makeTrust(parts: TrustParts): Trust {
  const { config, clock, log, version, vercel } = parts;
  const source = readSecuritySource();
  const build = buildDigest();
  const facts = factsOf(config, vercel);
  const applicable = checks.filter((check) => isWanted(check, facts));
  const records = makeRecords(parts);
  const turn = makeTurn(parts);
  const stopping = new AbortController();
  const tried = new Map<string, number>();
  const timers: NodeJS.Timeout[] = [];
  let underWay: Promise<void> | null = null;

  const begin = (trigger: TrustRun['trigger'], choose: (recorded: Recorded) => readonly Check[]): Promise<void> => {
    if (stopping.signal.aborted) return Promise.resolve();
    underWay ??= runOnce(parts, { trigger, choose, build, read: records.read, turn, stopping: stopping.signal })
      .catch((error: unknown) => {
        if (error instanceof StoreUnavailable) log.warn({ reason: error.message }, 'The checks wait: the database does not answer.');
        else log.error({ err: error }, 'The checks could not be run.');
      })
      .finally(() => (underWay = null));
    return underWay;
  };
  const isLeftAlone = ({ id }: Check) => Date.now() - (tried.get(id) ?? Number.NEGATIVE_INFINITY) < leaveAlone;
  const due = ({ observations }: Recorded) => dueChecks(applicable, { observations, build, now: clock.now() }).filter((check) => !isLeftAlone(check));
  const chooseDue = (recorded: Recorded) => {
    const chosen = due(recorded);
    for (const { id } of chosen) tried.set(id, Date.now());
    return chosen;
  };
  const look = async (trigger: 'start' | 'schedule') => {
    const recorded = await records.read().catch(() => null);
    if (recorded && due(recorded).length > 0) await begin(trigger, chooseDue);
  };

  return {
    intro: source.introduction,
    async view() {
      const deployment = { host: config.publicUrl.host, version, build, store: facts.store === 'libsql' ? 'libSQL, embedded' : 'MongoDB' };
      return viewOf({ deployment, facts, source, build, ...(await records.read()), now: clock.now() });
    },
    isRunning: async () => underWay !== null || turn.isTaken(),
    run: (trigger) => begin(trigger, () => applicable),
    async request(trigger) {
      void begin(trigger, () => applicable);
    },
    start() {
      timers.push(setTimeout(() => void look('start'), firstLook).unref(), setInterval(() => void look('schedule'), lookEvery).unref());
    },
    async stop() {
      for (const timer of timers) clearTimeout(timer);
      stopping.abort();
      await underWay;
    },
  };
}

function isWanted({ id }: Check, facts: DeploymentFacts): boolean {
  return Object.values(claims).some((claim) => claim.checks.includes(id) && claim.settingOn(facts) === null);
}
