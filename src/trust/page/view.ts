import {
  type CheckView,
  type ClaimView,
  type ObservationView,
  type Status,
  type TrustView,
} from '../../api/trust.ts';
import { day } from '../../clock.ts';
import { findCheck } from '../checks/all-checks.ts';
import { claims, type DeploymentFacts } from '../claims/claims.ts';
import type { Mutants } from '../claims/mutation-results.ts';
import type { Observation } from '../claims/observation.ts';
import type { SecuritySource, Sentence } from '../claims/security-source.ts';
import { checkStatusOf, statusOf, type Verdict } from '../claims/status.ts';
import { wordingOf } from '../evidence-log/declarations.ts';
import type { EvidenceLog } from '../evidence-log/evidence-log.ts';
import type { Finding } from '../evidence-log/log-state.ts';
import type { Check } from '../probe/check.ts';
import { historyOf, dayOf } from './history.ts';

const observationsShown = 20;

/** Everything that the page is computed from, except the time. */
export interface Seen {
  deployment: TrustView['deployment'];
  origin: string;
  facts: DeploymentFacts;
  source: SecuritySource;
  build: string;
  key: string;
  mutants: Mutants;
  evidenceLog: EvidenceLog;
  now: Date;
}

/** The security page as data. Every status is computed here, at the time of the call. */
export function viewOf(seen: Seen): TrustView {
  const { deployment, source, evidenceLog } = seen;
  const byCheck = grouped(evidenceLog.observations);
  return {
    deployment,
    ranAt: evidenceLog.state.lastRun?.endedAt.toISOString() ?? null,
    claims: source.sentences.map((sentence) => claimView(sentence, seen, byCheck)),
    removed: removedClaims(seen),
    record: recordView(seen),
  };
}

/**
 * The first instant after `now` at which passing time may change a view of these observations: a day begins, on which
 * target dates and the history depend, an observation expires, or one with a future date takes effect.
 */
export function changesAt(observations: readonly Observation[], now: Date): Date {
  const midnight = (dayOf(now) + 1) * day;
  const turns = observations.flatMap(({ collectedAt, expiresAt }) => [
    collectedAt.getTime(),
    expiresAt.getTime(),
  ]);
  return new Date(
    turns.reduce(
      (soonest, turn) => (turn > now.getTime() && turn < soonest ? turn : soonest),
      midnight,
    ),
  );
}

type Deciding = Pick<Seen, 'facts' | 'source' | 'build' | 'now'>;

/** The status of each claim, given these observations. */
export function statusesOf(
  observations: readonly Observation[],
  deciding: Deciding,
): Record<string, Status> {
  const byCheck = grouped(observations);
  return Object.fromEntries(
    deciding.source.sentences.map(({ claim }) => [
      claim,
      verdictOf(claim, deciding, byCheck).status,
    ]),
  );
}

type ByCheck = ReadonlyMap<string, readonly Observation[]>;

function verdictOf(
  claim: Sentence['claim'],
  { facts, source, build, now }: Deciding,
  byCheck: ByCheck,
): Verdict<Status> {
  const { policy, checks, settingOn } = claims[claim];
  const observations = checks.flatMap((check) => byCheck.get(check) ?? []);
  return statusOf({
    claim,
    policy,
    checks: checks.map(findCheck),
    setting: settingOn(facts),
    observations,
    said: source,
    build,
    now,
  });
}

function claimView(sentence: Sentence, seen: Seen, byCheck: ByCheck): ClaimView {
  const { claim: id, section, text } = sentence;
  const { status, reason } = verdictOf(id, seen, byCheck);
  const { checks: required, settingOn } = claims[id];
  const shown = settingOn(seen.facts) && status !== 'failing' ? [] : required.map(findCheck);
  const recorded = seen.evidenceLog.state.statuses[id];
  return {
    id,
    section,
    statement: text,
    status,
    since: recorded?.status === status ? recorded.since.toISOString() : null,
    wording: wordingOf(sentence),
    reason,
    checks: shown.map((check) => checkView(check, byCheck.get(check.id) ?? [], seen)),
    mutants: seen.mutants(id),
    history: historyOf(
      required.flatMap((check) => byCheck.get(check) ?? []),
      seen.now,
    ),
  };
}

function checkView(
  check: Check,
  observations: readonly Observation[],
  { build, now, origin, evidenceLog }: Seen,
): CheckView {
  const newestFirst = observations.toSorted(
    (a, b) => b.collectedAt.getTime() - a.collectedAt.getTime(),
  );
  const { status } = checkStatusOf(check, { observations, build, now });
  const { id, title, method, vantage, limits, byHand, version } = check;
  const [last] = newestFirst;
  const ranAt = last?.collectedAt.toISOString() ?? null;
  const shown = newestFirst.slice(0, observationsShown).map(observationView);
  const findings = evidenceLog.state.findings
    .filter((one) => one.check === id)
    .map(findingView)
    .reverse();
  const tried = byHand ? { command: byHand.command(origin), expect: byHand.expect } : null;
  return {
    id,
    title,
    method,
    vantage,
    status,
    ranAt,
    summary: last?.reason ?? '',
    observations: shown,
    limits,
    byHand: tried,
    version,
    findings,
  };
}

function findingView({
  reason,
  firstSeen,
  lastSeen,
  closed,
}: Finding): CheckView['findings'][number] {
  return {
    reason,
    firstSeen: firstSeen.toISOString(),
    lastSeen: lastSeen.toISOString(),
    closed: closed?.toISOString() ?? null,
  };
}

/** Claims recorded as removed, and those gone from the page whose removal is not recorded yet. */
function removedClaims({ source, evidenceLog: { state } }: Seen): TrustView['removed'] {
  const made = new Set<string>(source.sentences.map(({ claim }) => claim));
  const recorded = state.removed.map(({ claim, says, at }) => ({
    id: claim,
    statement: says,
    at: at.toISOString(),
  }));
  const unrecorded = state.declared
    .filter(({ what, id }) => what === 'claim' && !made.has(id))
    .map(({ id, says }) => ({ id, statement: says, at: null }));
  return [...recorded.filter(({ id }) => !made.has(id)), ...unrecorded];
}

function recordView({
  key,
  evidenceLog: { head, checkpoint, state, brokenBefore },
}: Seen): TrustView['record'] {
  const known = state.breaks.map(({ before, noticedAt }) => ({
    before,
    noticedAt: noticedAt.toISOString(),
  }));
  const isNew = brokenBefore !== null && !known.some(({ before }) => before === brokenBefore);
  return {
    key,
    head,
    checkpoint: checkpoint && { ...checkpoint, at: checkpoint.at.toISOString() },
    breaks: [...known, ...(isNew ? [{ before: brokenBefore, noticedAt: null }] : [])],
  };
}

function observationView({
  collectedAt,
  outcome,
  reason,
  examined,
  population,
  controlCaught,
  controlSaw,
}: Observation): ObservationView {
  return {
    at: collectedAt.toISOString(),
    outcome,
    summary: reason,
    examined,
    population,
    control: { caught: controlCaught, saw: controlSaw },
  };
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
