import type { Observation, TrustRun } from '../store/port.ts';
import type { Check } from './check.ts';
import { findCheck } from './checks.ts';
import { claims, type DeploymentFacts } from './claims.ts';
import type { SecuritySource, Sentence } from './security-source.ts';
import type { CheckView, ClaimView, ObservationView, TrustView } from './shapes.ts';
import { checkStatusOf, statusOf } from './status.ts';

const dayLength = 86_400_000;
export const daysShown = 30;
const observationsShown = 20;

/** Everything that the page is made of. The same, seen at another time, is another page. */
export interface Seen {
  deployment: TrustView['deployment'];
  facts: DeploymentFacts;
  source: SecuritySource;
  build: string;
  lastRun: TrustRun | null;
  observations: readonly Observation[];
  now: Date;
}

/** The security page as data. Every status in it is worked out here and now. */
export function viewOf(seen: Seen): TrustView {
  const byCheck = grouped(seen.observations);
  return {
    deployment: seen.deployment,
    ranAt: seen.lastRun?.endedAt.toISOString() ?? null,
    claims: seen.source.sentences.map((sentence) => claimView(sentence, seen, byCheck)),
  };
}

type ByCheck = ReadonlyMap<string, readonly Observation[]>;

function claimView({ claim: id, section, text }: Sentence, seen: Seen, byCheck: ByCheck): ClaimView {
  const { facts, source, build, now } = seen;
  const { policy, checks: required, settingOn } = claims[id];
  const checks = required.map(findCheck);
  const setting = settingOn(facts);
  const observations = required.flatMap((check) => byCheck.get(check) ?? []);
  const { status, reason } = statusOf({ claim: id, policy, checks, setting, observations, said: source, build, now });
  const shown = setting && status !== 'failing' ? [] : checks;
  return {
    id,
    section,
    statement: text,
    status,
    reason,
    checks: shown.map((check) => checkView(check, byCheck.get(check.id) ?? [], seen)),
    history: historyOf(observations, now),
  };
}

function checkView(check: Check, observations: readonly Observation[], { build, now }: Seen): CheckView {
  const newestFirst = observations.toSorted((a, b) => b.collectedAt.getTime() - a.collectedAt.getTime());
  const { status } = checkStatusOf(check, { observations, build, now });
  const { id, title, method, vantage, limits } = check;
  const [last] = newestFirst;
  const ranAt = last?.collectedAt.toISOString() ?? null;
  const shown = newestFirst.slice(0, observationsShown).map(observationView);
  return { id, title, method, vantage, status, ranAt, summary: last?.reason ?? '', observations: shown, limits };
}

function observationView({ collectedAt, outcome, reason, examined, population, controlCaught, controlSaw }: Observation): ObservationView {
  return { at: collectedAt.toISOString(), outcome, summary: reason, examined, population, control: { caught: controlCaught, saw: controlSaw } };
}

/** The worst of each day, in UTC, today last. */
function historyOf(observations: readonly Observation[], now: Date): ClaimView['history'] {
  const today = dayOf(now);
  const outcomes = new Map<number, Set<Observation['outcome']>>();
  for (const { collectedAt, outcome } of observations) {
    const day = dayOf(collectedAt);
    outcomes.set(day, (outcomes.get(day) ?? new Set()).add(outcome));
  }
  return Array.from({ length: daysShown }, (_, at) => {
    const day = today - (daysShown - 1 - at);
    return { day: new Date(day * dayLength).toISOString().slice(0, 10), outcome: worst(outcomes.get(day) ?? new Set()) };
  });
}

function grouped(observations: readonly Observation[]): ByCheck {
  const groups = new Map<string, Observation[]>();
  for (const one of observations) {
    const group = groups.get(one.check);
    if (group) group.push(one);
    else groups.set(one.check, [one]);
  }
  return groups;
}

function dayOf(date: Date): number {
  return Math.floor(date.getTime() / dayLength);
}

function worst(outcomes: ReadonlySet<Observation['outcome']>): ClaimView['history'][number]['outcome'] {
  if (outcomes.has('false')) return 'false';
  if (outcomes.has('unknown') || outcomes.has('error')) return 'unknown';
  return outcomes.has('true') ? 'true' : null;
}
