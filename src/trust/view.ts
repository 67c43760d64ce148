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
  return {
    deployment: seen.deployment,
    ranAt: seen.lastRun?.endedAt.toISOString() ?? null,
    claims: seen.source.sentences.map((sentence) => claimView(sentence, seen)),
  };
}

function claimView({ claim: id, section, text }: Sentence, seen: Seen): ClaimView {
  const { facts, source, observations, build, now } = seen;
  const { policy, checks: required, settingOn } = claims[id];
  const checks = required.map(findCheck);
  const setting = settingOn(facts);
  const { status, reason } = statusOf({ claim: id, policy, checks, setting, observations, said: source, build, now });
  const shown = setting && status !== 'failing' ? [] : checks;
  const own = observations.filter((one) => checks.some((check) => check.id === one.check));
  return { id, section, statement: text, status, reason, checks: shown.map((check) => checkView(check, seen)), history: historyOf(own, now) };
}

function checkView(check: Check, { observations, build, now }: Seen): CheckView {
  const own = observations.filter((one) => one.check === check.id).sort((a, b) => b.collectedAt.getTime() - a.collectedAt.getTime());
  const { status } = checkStatusOf(check, { observations: own, build, now });
  const { id, title, method, vantage, limits } = check;
  const ranAt = own[0]?.collectedAt.toISOString() ?? null;
  return { id, title, method, vantage, status, ranAt, summary: own[0]?.reason ?? '', observations: own.slice(0, observationsShown).map(observationView), limits };
}

function observationView({ collectedAt, outcome, reason, examined, population, controlCaught, controlSaw }: Observation): ObservationView {
  return { at: collectedAt.toISOString(), outcome, summary: reason, examined, population, control: { caught: controlCaught, saw: controlSaw } };
}

/** The worst of each day, in UTC, today last. */
function historyOf(observations: readonly Observation[], now: Date): ClaimView['history'] {
  const today = dayOf(now);
  const byDay = new Map<number, Observation['outcome'][]>();
  for (const { collectedAt, outcome } of observations) byDay.set(dayOf(collectedAt), [...(byDay.get(dayOf(collectedAt)) ?? []), outcome]);
  return Array.from({ length: daysShown }, (_, at) => {
    const day = today - (daysShown - 1 - at);
    return { day: new Date(day * dayLength).toISOString().slice(0, 10), outcome: worst(byDay.get(day) ?? []) };
  });
}

function dayOf(date: Date): number {
  return Math.floor(date.getTime() / dayLength);
}

function worst(outcomes: readonly Observation['outcome'][]): ClaimView['history'][number]['outcome'] {
  if (outcomes.includes('false')) return 'false';
  if (outcomes.some((outcome) => outcome === 'unknown' || outcome === 'error')) return 'unknown';
  return outcomes.includes('true') ? 'true' : null;
}
