import { z } from 'zod/mini';
import { publicKeyOf, SignatureBroken, type PublicKey } from '../../crypto/jws.ts';
import { digestOfPage, readEvidence, type Evidence } from '../evidence.ts';
import { trustView, type TrustView } from '../shapes.ts';
import type { Outsider } from './outsider.ts';

/** What a deployment says about itself, and by which key. */
export interface Published {
  key: PublicKey;
  document: Evidence;
  page: { view: TrustView; sha256: string };
  /** Of the record, from the place that was asked for up to the newest link that the evidence names. */
  links: readonly { seq: number; jws: string }[];
}

/** There is no evidence here that could be read. */
export class NothingPublished extends Error {
  override readonly name = 'NothingPublished';
}

const keySet = z.object({ keys: z.array(z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() })).check(z.minLength(1)) });
const history = z.object({ items: z.array(z.object({ seq: z.int(), jws: z.string() })), next: z.optional(z.string()) });

/** A run that ends between two requests makes them differ; then they are asked for again. */
const tries = 3;

/**
 * `since` is the `seq` of a link that must be among those read.
 * @throws NothingPublished · SignatureBroken
 */
export async function readPublished({ get }: Pick<Outsider, 'get'>, since: number | null): Promise<Published> {
  const read = async <Shape extends z.core.$ZodType>(path: string, shape: Shape) => {
    const { status, body } = await get(path);
    const parsed = status === 200 ? z.safeParse(shape, json(body)) : null;
    if (!parsed?.success) throw new NothingPublished(`${path} was answered ${status}${status === 200 ? ', and not as a Flowcept of this version does' : ''}.`);
    return { data: parsed.data, body };
  };
  const [given] = (await read('/.well-known/jwks.json', keySet)).data.keys;
  const key = publicKeyOf(given?.x ?? '');

  for (let attempt = 1; ; attempt += 1) {
    const { status, body } = await get('/.well-known/flowcept-evidence.jws');
    if (status !== 200) throw new NothingPublished(`/.well-known/flowcept-evidence.jws was answered ${status}.`);
    const document = openEvidence(body, key);
    const page = await read('/api/trust', trustView);
    const sha256 = digestOfPage(page.body);
    if (sha256 !== document.page.sha256 && attempt < tries) continue;
    return { key, document, page: { view: page.data, sha256 }, links: await linksOf(document, since) };
  }

  async function linksOf({ chain: { head, checkpoint } }: Evidence, from: number | null) {
    const links: Published['links'][number][] = [];
    let after: string | undefined = String(Math.max(0, Math.min(checkpoint?.seq ?? 1, from ?? Number.POSITIVE_INFINITY) - 1));
    for (; after !== undefined; ) {
      const { data }: { data: z.infer<typeof history> } = await read(`/api/trust/history?after=${after}`, history);
      links.push(...data.items.filter(({ seq }) => seq <= (head?.seq ?? 0)));
      after = (links.at(-1)?.seq ?? 0) < (head?.seq ?? 0) ? data.next : undefined;
    }
    return links;
  }
}

function openEvidence(jws: string, key: PublicKey): Evidence {
  try {
    return readEvidence(jws, key);
  } catch (cause) {
    throw cause instanceof SignatureBroken ? cause : new NothingPublished('The evidence is signed, but is none that this version knows.', { cause });
  }
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
