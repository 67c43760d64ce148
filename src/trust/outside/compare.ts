import type { ChainLink } from '../../store/port.ts';
import { readChain } from '../chain/chain.ts';
import { placeOf, soundPart, type Place } from '../chain/link.ts';
import type { Status, TrustView } from '../shapes.ts';
import { checkStatusOf } from '../status.ts';
import type { SeenAgain } from './look-again.ts';
import type { Published } from './published.ts';

/** What a reader knows from an earlier time: by which key the deployment signed, and one link of its record. */
export interface Remembered {
  kid: string | null;
  link: Place | null;
}

/** Milliseconds: documents are signed anew every minute, and clocks differ. */
const freshness = 5 * 60_000;
/** The part that was read begins with a checkpoint, of whatever age. */
const endOfTime = new Date(8.64e15);

/** What does not fit in what the deployment says about itself, each in a sentence; none when all fits. */
export function faultsOfEvidence({ key, document, page, links }: Published, { origin, remembered, now }: { origin: string; remembered: Remembered; now: Date }): string[] {
  const age = now.getTime() - Date.parse(document.issuedAt);
  return [
    remembered.kid !== null && remembered.kid !== key.kid && `The key was swapped: it was ${remembered.kid}, and is ${key.kid}.`,
    document.issuer !== origin && `The evidence speaks for ${document.issuer}, not for ${origin}.`,
    Math.abs(age) > freshness && `The evidence is of ${document.issuedAt}: an old document is shown in place of the one of now.`,
    document.page.sha256 !== page.sha256 && `The page says something else than what was signed.${edited(document.claims, page.view)}`,
    ...faultsOfRecord({ key, document, links }, remembered.link),
  ].filter((fault) => fault !== false);
}

function edited(signed: Published['document']['claims'], { claims }: TrustView): string {
  const differing = claims.flatMap(({ id, status }) => {
    const was = signed.find((claim) => claim.id === id)?.status;
    return was === status ? [] : [` It calls ${id} ${status}; signed is ${was ?? 'nothing'}.`];
  });
  return differing.join('');
}

function faultsOfRecord({ key, document, links }: Pick<Published, 'key' | 'document' | 'links'>, known: Place | null): string[] {
  const { head } = document.chain;
  const sound = soundPart(links, key);
  const [first] = sound;
  const end = links.at(-1);
  const isNamed = head === null ? end === undefined : end !== undefined && placeOf(end).hash === head.hash && end.seq === head.seq;
  const there = known && links.find(({ seq }) => seq === known.seq);
  return [
    !isNamed && 'The record does not end with the link that the evidence names.',
    isNamed && sound.length < links.length && `The record is broken before link ${first?.seq ?? head?.seq}: links are missing there, or were changed.`,
    known !== null && known.seq > (head?.seq ?? 0) && `The record was rolled back: it went on to link ${known.seq} when last seen, and ends with ${head?.seq ?? 0}.`,
    known !== null && there && placeOf(there).hash !== known.hash && `The record was written anew: link ${known.seq} is another one than when last seen.`,
  ].filter((fault) => typeof fault === 'string');
}

export interface ClaimSeen {
  id: string;
  published: Status;
  /** `falls short`: it does not hold, says the page itself. `differs`: the page says more than the record or the eye. */
  agreement: 'agrees' | 'falls short' | 'differs' | 'not to be seen from here';
  notes: string[];
}

/** Each claim as published, beside what the record and the reader's own look come to. */
export function compareClaims({ key, document, page, links }: Published, again: readonly SeenAgain[], now: Date): ClaimSeen[] {
  const from = links.findIndex(({ seq }) => seq === (document.chain.checkpoint?.seq ?? 1));
  const known = links.slice(Math.max(from, 0)).map((link): ChainLink => ({ ...link, at: now, checkpoint: false }));
  const checks = page.view.claims.flatMap((claim) => claim.checks.map(({ id }) => id));
  const { observations } = readChain(known, { key, from: endOfTime, checks, loss: null });
  const { build } = document.deployment;
  // A clock that goes ahead of the reader's makes nothing greener: what it dates expires by it, too.
  const at = new Date(Math.max(now.getTime(), Date.parse(document.ranAt ?? document.issuedAt)));
  const recorded = (check: TrustView['claims'][number]['checks'][number]) =>
    checkStatusOf(check, { build, now: at, observations: observations.filter((one) => one.check === check.id) });

  return page.view.claims.map(({ id, status, checks: own }): ClaimSeen => {
    const ofRecord = own.map((check) => ({ check, ...recorded(check) }));
    const ofEye = again.filter(({ check }) => own.some((one) => one.id === check));
    const differing = [
      ...ofRecord.filter((one) => saysLess(status, one.status)).map((one) => `the record says ${one.status}: ${one.check.title}: ${one.reason}`),
      ...ofEye.filter(({ outcome }) => outcome === 'false' && status !== 'failing').map(({ check, reason }) => `seen from here: ${check}: ${reason}`),
    ];
    const notes = ofEye.map(({ check, outcome, reason }) => `${check}, ${outcome === 'true' ? 'seen from here' : outcome}: ${reason}`);
    if (differing.length > 0) return { id, published: status, agreement: 'differs', notes: differing };
    if (status === 'failing' || status === 'overdue') return { id, published: status, agreement: 'falls short', notes };
    const wasSeen = ofEye.some(({ outcome }) => outcome === 'true');
    return { id, published: status, agreement: wasSeen ? 'agrees' : 'not to be seen from here', notes };
  });
}

/** Whether the record carries less than what is published. */
function saysLess(published: Status, recorded: 'verified' | 'failing' | 'unverified' | 'not-applicable'): boolean {
  return recorded === 'failing' ? published !== 'failing' : recorded === 'unverified' && published === 'verified';
}
