import type { CheckView, Status } from '../../api/trust.ts';
import type { ClaimId, ProofPolicy, Setting } from './claims.ts';
import { isFrom, isUntil, type Attestation, type FrontMatter } from './front-matter.ts';
import type { Observation } from './observation.ts';

/** The properties of a check that decide a status. */
export interface RequiredCheck {
  id: string;
  version: string;
  title: string;
}

/** Everything that a status depends on. Nothing else does, and a status cannot be set. */
export interface Evidence {
  claim: ClaimId;
  policy: ProofPolicy;
  /** All of them must pass. */
  checks: readonly RequiredCheck[];
  setting: Setting | null;
  /** Of these checks, of any build, in any order. */
  observations: readonly Observation[];
  said: FrontMatter;
  /** Digest of the build that is served now. */
  build: string;
  now: Date;
}

export interface Verdict<Word> {
  status: Word;
  reason: string;
}
type CheckStatus = Exclude<CheckView['status'], 'not-applicable'>;

/**
 * The status of a claim. A failing check outranks everything. Next come the claim’s setting on this deployment (not
 * applicable, inherited or unverified), then its kind of proof with its other check results, attestations and dates.
 */
export function statusOf(evidence: Evidence): Verdict<Status> {
  const { policy, checks, setting } = evidence;
  const seen = checks.map((check) => ({ check, ...checkStatusOf(check, evidence) }));
  const failing = seen.find(({ status }) => status === 'failing');
  if (failing)
    return {
      status: 'failing',
      reason: `${failing.check.title}: ${failing.reason}${acceptance(evidence)}`,
    };
  if (setting) return setting;
  const unverified = seen.find(({ status }) => status === 'unverified');
  if (policy === 'none yet' || (policy === 'checks' && checks.length === 0))
    return { status: 'unverified', reason: 'No check covers this claim yet.' };
  if (policy === 'roadmap')
    return unverified || checks.length === 0
      ? underWay(evidence, unverified?.reason)
      : verified(checks.length);
  if (unverified)
    return { status: 'unverified', reason: `${unverified.check.title}: ${unverified.reason}` };
  return policy === 'attestation' ? attested(evidence) : verified(checks.length);
}

type Seen = Pick<Evidence, 'observations' | 'build' | 'now'>;

/**
 * A failure remains until a newer success. Time, a new build, version or wording, and inconclusive results do not
 * change that. A success counts while it is unexpired, for the build that is served now, and only if the check detected
 * its negative controls.
 */
export function checkStatusOf(
  check: RequiredCheck,
  { observations, build, now }: Seen,
): Verdict<CheckStatus> {
  const seen = observations.filter(
    (one) => one.check === check.id && (one.outcome !== 'true' || one.collectedAt <= now),
  );
  const failure = newest(seen.filter(({ outcome }) => outcome === 'false'));
  const success = newest(
    seen.filter(({ outcome, controlCaught }) => outcome === 'true' && controlCaught),
  );
  if (failure && !(success && success.collectedAt > failure.collectedAt))
    return { status: 'failing', reason: failure.reason };
  const last = newest(
    seen.filter((one) => one.build === build && one.checkVersion === check.version),
  );
  const doubt = last ? doubtOf(last, failure, now) : absence(seen);
  return doubt === null
    ? { status: 'verified', reason: last?.reason ?? '' }
    : { status: 'unverified', reason: doubt };
}

/** Why the newest observation of the current build proves nothing; `null` if it does. */
function doubtOf(last: Observation, failure: Observation | null, now: Date): string | null {
  if (last.outcome !== 'true') return last.reason;
  if (!last.controlCaught)
    return 'The check missed its own negative control, so its result is ignored.';
  if (failure && failure.collectedAt >= last.collectedAt)
    return 'It failed on another build since this build was last checked.';
  return last.expiresAt <= now ? 'The last result has expired.' : null;
}

function absence(seen: readonly Observation[]): string {
  return seen.length === 0
    ? 'The check has not run yet.'
    : 'The check has not run yet on the build that is served now.';
}

/** The observation collected last; of several at the same instant, one that is not a success. */
function newest(observations: readonly Observation[]): Observation | null {
  const isNewer = (one: Observation, other: Observation) =>
    one.collectedAt > other.collectedAt ||
    (one.collectedAt.getTime() === other.collectedAt.getTime() && one.outcome !== 'true');
  return observations.reduce<Observation | null>(
    (best, one) => (best === null || isNewer(one, best) ? one : best),
    null,
  );
}

function verified(checks: number): Verdict<'verified'> {
  return {
    status: 'verified',
    reason:
      checks === 1
        ? 'Its check passed, and detected its negative controls.'
        : `${checks === 2 ? 'Both' : `All ${checks}`} checks passed, and all detected their negative controls.`,
  };
}

function acceptance({ claim, said, now }: Evidence): string {
  const exception = said.exceptions.find((one) => one.claim === claim && isUntil(one.until, now));
  return exception
    ? ` Accepted until ${exception.until} by ${exception.approvedBy}: ${exception.reason}`
    : '';
}

function attested(evidence: Evidence): Verdict<Status> {
  const { claim, said, now } = evidence;
  const stands = (one: Attestation) =>
    one.claim === claim && isFrom(one.from, now) && isUntil(one.until, now);
  const attestation = said.attestations.find(stands);
  if (!attestation) return underWay(evidence);
  return {
    status: 'attested',
    reason: `${attestation.statement} (${attestation.by}, until ${attestation.until}; ${attestation.basis})`,
  };
}

/** `found`: the progress that its checks report. */
function underWay(
  { claim, said, now }: Evidence,
  found?: string,
): Verdict<'in-progress' | 'overdue'> {
  const date = said.dates[claim];
  const how = found === undefined ? '' : ` ${found}`;
  if (date === undefined)
    return { status: 'in-progress', reason: `Not done yet; no target date is set.${how}` };
  return isUntil(date, now)
    ? { status: 'in-progress', reason: `Not done yet; the target date is ${date}.${how}` }
    : { status: 'overdue', reason: `Not done yet; the target date was ${date}.${how}` };
}
