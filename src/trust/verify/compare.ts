import { minute } from '../../clock.ts';
import type { SignedEntry } from '../../records.ts';
import { findCheck } from '../checks/all-checks.ts';
import { claims, isClaimId, type Claim, type ClaimId } from '../claims/claims.ts';
import { checkStatusOf } from '../claims/status.ts';
import { placeOf, soundPart, type Place } from '../evidence-log/entry.ts';
import { impossible, type KnownFacts } from './expected.ts';
import { readRecord, type Recorded } from './published-log.ts';
import type { Page, Published } from './published.ts';
import type { SeenAgain } from './repeat-checks.ts';

/** What a reader knows from an earlier time: the deployment’s signing key and one entry of its evidence log. */
export interface Remembered {
  kid: string | null;
  link: Place | null;
}

/** Milliseconds: documents are signed anew every minute, and clocks differ. */
const freshness = 5 * minute;

/** Inconsistencies in what the deployment publishes about itself, one sentence each; empty if there are none. */
export function faultsOfEvidence(
  published: Published,
  { origin, remembered, now }: { origin: string; remembered: Remembered; now: Date },
): string[] {
  const { key, document, page } = published;
  const age = now.getTime() - Date.parse(document.issuedAt);
  const edits = edited(document.claims, page.view);
  return [
    remembered.kid !== null &&
      remembered.kid !== key.kid &&
      `The signing key changed from ${remembered.kid} to ${key.kid}.`,
    document.issuer !== origin &&
      `The evidence was issued for ${document.issuer}, not for ${origin}.`,
    Math.abs(age) > freshness &&
      `The evidence is dated ${document.issuedAt}: an old document is served in place of the current one.`,
    (document.page.sha256 !== page.sha256 || edits !== '') &&
      `The page differs from what was signed.${edits}`,
    document.deployment.build !== page.view.deployment.build &&
      `The page names build ${page.view.deployment.build}, but the evidence was signed for build ${document.deployment.build}.`,
    ...faultsOfRecord(published, remembered.link),
  ].filter((fault) => fault !== false);
}

function edited(signed: Published['document']['claims'], { claims: shown }: Page): string {
  const wordsOf = (all: readonly { id: string; status: string }[], id: string) =>
    all
      .filter((one) => one.id === id)
      .map(({ status }) => status)
      .join(', ') || 'nothing';
  const ids = new Set([...shown, ...signed].map(({ id }) => id));
  return [...ids]
    .map((id) => ({ id, is: wordsOf(shown, id), was: wordsOf(signed, id) }))
    .filter(({ is, was }) => is !== was)
    .map(({ id, is, was }) => ` It says ${is} for ${id}, but ${was} was signed.`)
    .join('');
}

function faultsOfRecord({ key, document, links, asked }: Published, known: Place | null): string[] {
  const { head, checkpoint } = document.chain;
  const sound = soundPart(links, key);
  const [first] = sound;
  const end = links.at(-1);
  const isNamed =
    head === null
      ? end === undefined
      : end !== undefined && placeOf(end).hash === head.hash && end.seq === head.seq;
  const at = (seq: number): Pick<SignedEntry, 'seq' | 'jws'> | undefined =>
    links.find((link) => link.seq === seq);
  const [kept, there] = [checkpoint && at(checkpoint.seq), known && at(known.seq)];
  return [
    !isNamed && 'The evidence log does not end with the entry that the evidence names.',
    isNamed &&
      sound.length < links.length &&
      `The evidence log is broken before entry ${first?.seq ?? head?.seq}: entries are missing or were changed.`,
    isNamed &&
      sound.length === links.length &&
      first !== undefined &&
      first.seq !== asked &&
      `The evidence log was requested from entry ${asked} on, but begins with entry ${first.seq}.`,
    checkpoint !== null &&
      kept &&
      placeOf(kept).hash !== checkpoint.hash &&
      `Entry ${checkpoint.seq} is not the checkpoint that the evidence names.`,
    known !== null &&
      known.seq > (head?.seq ?? 0) &&
      `The evidence log was rolled back: its last entry was ${known.seq} when last seen, and is now ${head?.seq ?? 0}.`,
    known !== null &&
      known.seq <= (head?.seq ?? 0) &&
      !there &&
      `The evidence log was changed: entry ${known.seq}, which was seen before, is missing.`,
    known !== null &&
      there &&
      placeOf(there).hash !== known.hash &&
      `The evidence log was rewritten: entry ${known.seq} differs from the one last seen.`,
  ].filter((fault) => typeof fault === 'string');
}

export interface ClaimSeen {
  id: string;
  published: string;
  /**
   * `not met`: the page itself says that the claim does not hold. `differs`: the page claims more than the log, the
   * repeated checks or this verifier’s tables support. `inconclusive`: a check could have been repeated from here, but
   * was not.
   */
  agreement:
    | 'agrees'
    | 'not met'
    | 'differs'
    | 'inconclusive'
    | 'not verifiable from here'
    | 'unknown to this verifier';
  notes: string[];
}

const outcomes: Record<SeenAgain['outcome'], string> = {
  true: 'passed from here',
  false: 'failed from here',
  inconclusive: 'inconclusive',
  'out of reach': 'not possible from here',
};
const vantages = new Map<string, string>([
  ['outside', 'black-box'],
  ['inside', 'internal'],
  ['inside, twin', 'test instance'],
]);

interface Seeing {
  again: readonly SeenAgain[];
  facts: KnownFacts;
  now: Date;
}

/**
 * Compares the published status of each claim that this verifier knows with the log and the repeated checks; then lists
 * claims that only the deployment knows. The required claims, their proofs and vantage points are never taken from the
 * page.
 */
export function compareClaims(published: Published, { again, facts, now }: Seeing): ClaimSeen[] {
  const { document, page } = published;
  const recorded = readRecord(published);
  // The later of the reader’s clock and the deployment’s: a deployment’s fast clock improves no status, because
  // observations expire by it, too.
  const at = new Date(Math.max(now.getTime(), Date.parse(document.ranAt ?? document.issuedAt)));
  const own = Object.keys(claims)
    .filter(isClaimId)
    .map((id) =>
      judge(id, page.view, { recorded, again, facts, now: at, build: document.deployment.build }),
    );
  const unknown = page.view.claims.filter(({ id }) => !isClaimId(id));
  return [
    ...own,
    ...unknown.map(({ id, status }): ClaimSeen => ({
      id,
      published: status,
      agreement: 'unknown to this verifier',
      notes: [],
    })),
  ];
}

interface Judging extends Seeing {
  recorded: Recorded;
  build: string;
}

function judge(id: ClaimId, page: Page, judging: Judging): ClaimSeen {
  const [shown, ...more] = page.claims.filter((one) => one.id === id);
  if (!shown)
    return {
      id,
      published: 'missing',
      agreement: 'differs',
      notes: ['the page lacks this claim'],
    };
  const { status } = shown;
  const required: Claim = claims[id];
  const ofEye = judging.again.filter(({ check }) => required.checks.includes(check));
  const differing = [
    ...(more.length > 0 ? [`the page makes this claim ${more.length + 1} times`] : []),
    ...[impossible(id, status, judging.facts)].filter((reason) => reason !== null),
    ...(status === 'attested' && !judging.recorded.attested.has(id)
      ? ['the evidence log has no attestation of it']
      : []),
    ...required.checks.flatMap((check) => faultsOfCheck(check, shown, judging)),
    ...ofEye
      .filter(({ outcome }) => outcome === 'false' && status !== 'failing')
      .map(({ check, reason }) => `observed from here: ${check}: ${reason}`),
  ];
  const notes = ofEye.map(
    ({ check, outcome, reason }) => `${check}, ${outcomes[outcome]}: ${reason}`,
  );
  if (differing.length > 0)
    return { id, published: status, agreement: 'differs', notes: differing };
  if (status === 'failing' || status === 'overdue')
    return { id, published: status, agreement: 'not met', notes };
  if (status === 'verified' && ofEye.some(({ outcome }) => outcome === 'inconclusive'))
    return { id, published: status, agreement: 'inconclusive', notes };
  const wasSeen = ofEye.some(({ outcome }) => outcome === 'true');
  return {
    id,
    published: status,
    agreement: wasSeen ? 'agrees' : 'not verifiable from here',
    notes,
  };
}

/** Compares the page’s statements about a required check with this verifier’s tables and the log. */
function faultsOfCheck(
  id: string,
  { status, checks }: Page['claims'][number],
  { recorded, build, now }: Judging,
): string[] {
  const known = findCheck(id);
  const shown = checks.find((check) => check.id === id);
  const observations = recorded.observations.filter(({ check }) => check === id);
  const verdict = checkStatusOf(
    { ...known, version: shown?.version ?? known.version },
    { build, now, observations },
  );
  const saysLess =
    verdict.status === 'failing'
      ? status !== 'failing'
      : verdict.status === 'unverified' && status === 'verified';
  return [
    status === 'verified' && !shown && `the page does not show its check ${id}`,
    shown &&
      shown.vantage !== known.vantage &&
      `the page calls ${id} ${nameOf(shown.vantage)}, but it is ${nameOf(known.vantage)}`,
    saysLess && `the evidence log says ${verdict.status}: ${known.title}: ${verdict.reason}`,
  ].filter((fault) => typeof fault === 'string');
}

/** Of a vantage, which the page may have invented. */
function nameOf(vantage: string): string {
  return vantages.get(vantage) ?? vantage;
}
