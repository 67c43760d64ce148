import { z } from 'zod/mini';
import { publicKeyOf, verifyJws, type PublicKey } from '../../crypto/jws.ts';
import { digestOfPage, evidenceType } from '../page/evidence-document.ts';
import type { VerifierClient } from './verifier.ts';

/**
 * What a deployment publishes about itself, and its key. All of it is untrusted: its size is limited here, it is judged
 * elsewhere, and printed as plain text.
 */
export interface Published {
  key: PublicKey;
  document: Evidence;
  page: { view: Page; sha256: string };
  /** The entries of the evidence log from the requested position up to the newest one that the evidence names. */
  links: readonly { seq: number; jws: string }[];
  /** The requested position. */
  asked: number;
}

/** There is no readable evidence here. */
export class NothingPublished extends Error {
  override readonly name = 'NothingPublished';
}

/** A run that ends between two requests makes them inconsistent; they are then repeated, up to this many times. */
const tries = 3;
/** Enough for the log of a busy deployment over two months: pages, and total characters. */
const maxPages = 2_000;
const maxLogBytes = 64_000_000;

const word = z.string().check(z.maxLength(200));
const seq = z.int().check(z.minimum(1));
const place = z.object({ seq, hash: word });

/**
 * The parts of the page that are judged. The claims and their requirements are known here, so only the published
 * statements are read.
 */
const page = z.object({
  deployment: z.object({ build: word, store: word }),
  claims: z
    .array(
      z.object({
        id: word,
        status: word,
        checks: z
          .array(z.object({ id: word, version: word, vantage: word }))
          .check(z.maxLength(50)),
      }),
    )
    .check(z.maxLength(500)),
});
export type Page = z.infer<typeof page>;

const document = z.object({
  issuer: word,
  issuedAt: z.iso.datetime(),
  deployment: z.object({ build: word }),
  ranAt: z.nullable(z.iso.datetime()),
  page: z.object({ sha256: word }),
  chain: z.object({ head: z.nullable(place), checkpoint: z.nullable(place) }),
  claims: z.array(z.object({ id: word, status: word })).check(z.maxLength(500)),
});
export type Evidence = z.infer<typeof document>;

const keySet = z.object({
  keys: z
    .array(z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: word }))
    .check(z.minLength(1), z.maxLength(20)),
});
const history = z.object({
  items: z.array(z.object({ seq, jws: z.string() })).check(z.maxLength(1_000)),
});

/** The evidence document in this payload; `null` if it is not one. */
export function evidenceIn(payload: unknown): Evidence | null {
  return document.safeParse(payload).data ?? null;
}

/** `since` is the `seq` of an entry that must be among those read. @throws NothingPublished · SignatureBroken */
export async function readPublished(
  { get }: Pick<VerifierClient, 'get'>,
  since: number | null,
): Promise<Published> {
  const read = async <Shape extends z.core.$ZodType>(path: string, shape: Shape) => {
    const { status, headers, body } = await get(path);
    const isPlain = (headers['content-encoding'] ?? 'identity') === 'identity';
    if (status === 200 && !isPlain)
      throw new NothingPublished(`${path} was compressed, although no compression was requested.`);
    const parsed = status === 200 ? z.safeParse(shape, json(body)) : null;
    if (!parsed?.success)
      throw new NothingPublished(
        `${path} returned ${status}${status === 200 ? ' with a body that this version of Flowcept does not know' : ''}.`,
      );
    return { data: parsed.data, body };
  };

  const [given] = (await read('/.well-known/jwks.json', keySet)).data.keys;
  const key = publicKeyOf(given?.x ?? '');
  for (let attempt = 1; ; attempt += 1) {
    const { status, body } = await get('/.well-known/flowcept-evidence.jws');
    if (status !== 200)
      throw new NothingPublished(`/.well-known/flowcept-evidence.jws returned ${status}.`);
    const said = openEvidence(body, key);
    const { data: view, body: text } = await read('/api/trust', page);
    const sha256 = digestOfPage(text);
    if (sha256 !== said.page.sha256 && attempt < tries) continue;
    const asked = Math.min(said.chain.checkpoint?.seq ?? 1, since ?? Number.POSITIVE_INFINITY);
    return {
      key,
      document: said,
      page: { view, sha256 },
      links: await entriesFrom(asked, said.chain.head?.seq ?? 0),
      asked,
    };
  }

  /** Stops when a page brings nothing new; a gap is detected later. */
  async function entriesFrom(first: number, end: number) {
    const links: Published['links'][number][] = [];
    let characters = 0;
    for (let last = first - 1, pages = 1; last < end; pages += 1) {
      const { items } = (await read(`/api/trust/history?after=${last}`, history)).data;
      const fresh = items.filter(
        (link, at) => link.seq > (items[at - 1]?.seq ?? last) && link.seq > last && link.seq <= end,
      );
      if (fresh.length === 0) break;
      links.push(...fresh);
      last = fresh.at(-1)?.seq ?? end;
      characters += fresh.reduce((sum, { jws }) => sum + jws.length, 0);
      if (characters > maxLogBytes || (pages >= maxPages && last < end))
        throw new NothingPublished(
          `Its evidence log from entry ${first} to ${end} is too long to read: ${links.length} entries have ${characters} characters. Use --since with a newer document.`,
        );
    }
    return links;
  }
}

function openEvidence(jws: string, key: PublicKey): Evidence {
  const said = evidenceIn(verifyJws(jws, evidenceType, key));
  if (said === null)
    throw new NothingPublished(
      'The evidence is signed, but has a format that this version does not know.',
    );
  return said;
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
