import { createHash } from 'node:crypto';
import { z } from 'zod/mini';
import { payloadOf, verifyJws, type PublicKey, type Signer } from '../../crypto/jws.ts';
import type { SignedEntry } from '../../records.ts';
import { time } from '../claims/observation.ts';
import { logEvent } from './events.ts';
import { logStateShape } from './log-state.ts';

const type = 'flowcept-link';

/** The signed content of an entry: its position, the hash of the previous entry, and the events since then. */
const link = z.object({
  seq: z.int(),
  previous: z.nullable(z.string()),
  at: time,
  /** Digest of the build that wrote the entry. */
  build: z.string(),
  events: z.array(logEvent),
  /** On a checkpoint: the complete log state after these events. */
  standing: z.optional(logStateShape),
});
export type Link = z.infer<typeof link>;

/** The position and identity of an entry. */
export interface Place {
  seq: number;
  /** SHA-256 of the entry’s JWS, in base64url. */
  hash: string;
}

export function signEntry(signer: Signer, made: Link): SignedEntry {
  const { seq, at } = made;
  return {
    seq,
    at,
    checkpoint: made.standing !== undefined,
    jws: signer.sign(type, z.encode(link, made)),
  };
}

/**
 * The part of the evidence log that is intact, oldest first. It ends with the newest entry, which must be signed by
 * this key, and extends back as long as each entry has the hash that its successor names.
 */
export function soundPart(
  links: readonly Pick<SignedEntry, 'seq' | 'jws'>[],
  key: PublicKey,
  opened: OpenedEntries = new OpenedEntries(),
): Link[] {
  const sound: Link[] = [];
  for (const { seq, jws } of links.toReversed()) {
    const next = sound.at(-1);
    const link = next === undefined ? openSigned(jws, key) : opened.open(jws, next.previous);
    if (link?.seq !== seq || (next && next.seq !== seq + 1)) break;
    sound.push(link);
  }
  opened.forgetOthers();
  return sound.reverse();
}

/**
 * Caches opened entries by hash. Each reading opens the thousands of entries of the same month, which would take a
 * second.
 */
export class OpenedEntries {
  #before = new Map<string, Link>();
  #now = new Map<string, Link>();

  /** The entry, if it has this hash and can be read. */
  open(jws: string, hash: string | null): Link | null {
    if (hash === null || hashOf(jws) !== hash) return null;
    const link = this.#before.get(hash) ?? open(() => payloadOf(jws));
    if (link) this.#now.set(hash, link);
    return link;
  }

  /** Drops the entries that the current reading did not open. */
  forgetOthers(): void {
    [this.#before, this.#now] = [this.#now, new Map()];
  }
}

export function placeOf({ seq, jws }: Pick<SignedEntry, 'seq' | 'jws'>): Place {
  return { seq, hash: hashOf(jws) };
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function openSigned(jws: string, key: PublicKey): Link | null {
  return open(() => verifyJws(jws, type, key));
}

function open(payload: () => unknown): Link | null {
  try {
    return z.decode(link, payload() as z.input<typeof link>);
  } catch {
    return null;
  }
}
