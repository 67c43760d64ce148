import { createHash } from 'node:crypto';
import { z } from 'zod/mini';
import { payloadOf, verifyJws, type PublicKey, type Signer } from '../../crypto/jws.ts';
import type { SignedEntry } from '../../records.ts';
import { time } from '../claims/observation.ts';
import { logEvent } from './events.ts';
import { standing } from './log-state.ts';

const type = 'flowcept-link';

/** What is signed of a link: its place, the hash of the link before it, and what happened since. */
const link = z.object({
  seq: z.int(),
  previous: z.nullable(z.string()),
  at: time,
  /** Digest of the build that made it. */
  build: z.string(),
  events: z.array(logEvent),
  /** On a checkpoint: all that stands after these events. */
  standing: z.optional(standing),
});
export type Link = z.infer<typeof link>;

/** Where a link stands, and which one it is. */
export interface Place {
  seq: number;
  /** SHA-256 of its JWS, base64url. */
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
 * The part of the chain that nobody changed, oldest first: from the newest link, which must be signed by this key, back as far
 * as each is the one whose hash the next one names.
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

/** The links of the reading before, by their hashes: of a month's the same thousands are opened at each, which takes a second. */
export class OpenedEntries {
  #before = new Map<string, Link>();
  #now = new Map<string, Link>();

  /** The link, if it has this hash and can be read. */
  open(jws: string, hash: string | null): Link | null {
    if (hash === null || hashOf(jws) !== hash) return null;
    const link = this.#before.get(hash) ?? open(() => payloadOf(jws));
    if (link) this.#now.set(hash, link);
    return link;
  }

  /** Keeps those that this reading opened. */
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
