import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { once } from '../once.ts';
import { chosenEncoding, encodings, type Encoding } from './encodings.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Something that is answered whole, is the same for every caller that may see it, and need not be sent twice. */
export interface Representation {
  bytes: Bytes;
  type: string;
  etag: string;
  /** Its smaller forms. Nothing that holds a secret has one: docs/decisions/016. */
  encoded: ReadonlyMap<Encoding, () => Bytes | Promise<Bytes>>;
}

/** Bytes under which a smaller form is not worth its making: it all fits into one packet. */
export const minCompressed = 1_024;

export function representation(
  bytes: Bytes,
  type: string,
  encoded: Representation['encoded'] = new Map(),
): Representation {
  return {
    bytes,
    type,
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    encoded,
  };
}

/** The same of a text without any secret, in smaller forms as well, each made when it is first asked for. */
export function publicDocument(text: string, type: string): Representation {
  const bytes = new TextEncoder().encode(text);
  const wanted = bytes.length < minCompressed ? [] : encodings;
  return representation(
    bytes,
    type,
    new Map(wanted.map((encoding) => [encoding, once(() => compressors[encoding](bytes))])),
  );
}

const [brotli, gunzippable] = [promisify(brotliCompress), promisify(gzip)];
/** Off the only thread. Of brotli's eleven levels the fifth is where answers of the moment stop being cheap. */
const compressors: Record<Encoding, (bytes: Bytes) => Promise<Bytes>> = {
  br: async (bytes) =>
    new Uint8Array(
      await brotli(bytes, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: 5,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        },
      }),
    ),
  gzip: async (bytes) => new Uint8Array(await gunzippable(bytes)),
};

interface Caching {
  cacheControl: string;
  /** Request headers by which the answer differs, beside what is decided here. */
  vary?: string;
}

/**
 * In the form that the reader wants; 304 to a caller that has that already. Each form has an entity tag of its own. Part of one
 * is not sent: `Range` is ignored. RFC 9110 §8.8.3.3, §12.5.3, §13.1.2, §14.2.
 */
export async function conditional(
  request: Pick<Request, 'headers'>,
  { bytes, type, etag, encoded }: Representation,
  { cacheControl, vary }: Caching,
): Promise<Response> {
  const encoding = chosenEncoding(request.headers.get('accept-encoding'), [...encoded.keys()]);
  const tag = encoding === null ? etag : etag.replace(/"$/, `-${encoding}"`);
  const varying = [vary, encoded.size > 0 ? 'Accept-Encoding' : undefined]
    .filter(Boolean)
    .join(', ');
  const headers: Record<string, string> = {
    ETag: tag,
    'Content-Type': type,
    'Cache-Control': cacheControl,
    ...(varying && { Vary: varying }),
  };
  if (knows(request, tag)) return new Response(null, { status: 304, headers });
  const body = (encoding !== null && (await encoded.get(encoding)?.())) || bytes;
  return new Response(body, {
    headers: {
      ...headers,
      ...(encoding && { 'Content-Encoding': encoding }),
      'Content-Length': String(body.length),
    },
  });
}

function knows({ headers }: Pick<Request, 'headers'>, tag: string): boolean {
  const known = headers
    .get('if-none-match')
    ?.split(',')
    .map((one) => one.trim().replace(/^W\//, ''));
  return known !== undefined && (known.includes(tag) || known.includes('*'));
}
