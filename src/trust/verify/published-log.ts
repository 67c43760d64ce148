import type { Observation } from '../claims/observation.ts';
import { soundPart } from '../evidence-log/entry.ts';
import type { Published } from './published.ts';

/** The content of a deployment’s evidence log, as far as its entries are linked without a gap. */
export interface Recorded {
  observations: readonly Observation[];
  /** IDs of the claims that are attested. */
  attested: ReadonlySet<string>;
}

const nothing: Recorded = { observations: [], attested: new Set() };

/**
 * Everything observed since the checkpoint, and before it in the entries that were read: a later checkpoint cannot hide
 * a failure. Nothing before a gap counts. Takes time proportional to the size of the log.
 */
export function readRecord({
  key,
  document,
  links,
}: Pick<Published, 'key' | 'document' | 'links'>): Recorded {
  const sound = soundPart(links, key);
  const begin = sound.findIndex(({ seq }) => seq === (document.chain.checkpoint?.seq ?? 1));
  const first = sound[begin];
  if (!first || sound.length < links.length || (first.seq !== 1 && first.standing === undefined))
    return nothing;
  const seen = sound
    .flatMap(({ events }) => events)
    .flatMap((event) => (event.kind === 'run' ? event.observations : []));
  const declared = new Map(
    (first.standing?.declared ?? []).map((one) => [`${one.what} ${one.id}`, one]),
  );
  for (const event of sound.slice(begin).flatMap(({ events }) => events)) {
    if (event.kind === 'declared') declared.set(`${event.what} ${event.id}`, event);
    if (event.kind === 'withdrawn') declared.delete(`${event.what} ${event.id}`);
  }
  const attestations = [...declared.values()].filter(({ what }) => what === 'attestation');
  return {
    observations: [...(first.standing?.verdicts ?? []), ...seen],
    attested: new Set(attestations.map(({ id }) => id.split(' by ')[0] ?? '')),
  };
}
