import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { once } from '../once.ts';
import { chosenEncoding, encodings, type Encoding } from './encodings.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A complete response body that is the same for every caller with access, and that a client may cache. */
export interface Representation {
  bytes: Bytes;
  type: string;
  etag: string;
  /** Compressed forms. A representation that contains a secret has none: docs/decisions/016. */
  encoded: ReadonlyMap<Encoding, () => Bytes | Promise<Bytes>>;
}

/** Minimum size in bytes for compression. A smaller body fits into one packet anyway. */
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

/** Creates a representation of a text that contains no secret. Its compressed forms are created on first use. */
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
/** Compresses off the main thread. Above level 5 of 11, brotli is too slow to compress on demand. */
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
  /** Request headers that the response varies by, besides those handled here. */
  vary?: string;
}

/**
 * Responds in the encoding that the client prefers, or with 304 if the client’s copy is current. Each encoding has its
 * own entity tag. `Range` is ignored. RFC 9110 §8.8.3.3, §12.5.3, §13.1.2, §14.2.
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
