import { Problem } from '../problems.ts';

const mostBytes = 64 * 1024;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The body as parsed JSON, believed to be nothing yet; `undefined` where there is none. RFC 8259 §8.1: UTF-8 without a mark.
 * @throws Problem `not-json` · `too-large` · `malformed`
 */
export async function readJson(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type');
  const bytes = await readBytes(request);
  if (type === null && bytes.length === 0) return undefined;
  if (!/^application\/json\s*(;|$)/i.test(type ?? '')) throw new Problem('not-json');
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (error) {
    // The parser quotes what it read, and that may be a password: only its kind goes into the log.
    throw new Problem('malformed', { detail: 'The body is not JSON.', cause: { name: error instanceof Error ? error.name : 'unknown' } });
  }
}

/** The body of a form, as programs send it to one another. @throws Problem `too-large` · `malformed` */
export async function readForm(request: Request): Promise<URLSearchParams> {
  return new URLSearchParams(Buffer.from(await readBytes(request)).toString('utf8'));
}

async function readBytes(request: Request): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > mostBytes) throw new Problem('too-large');
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of request.body as ReadableStream<Uint8Array>) {
      length += chunk.length;
      if (length > mostBytes) throw new Problem('too-large');
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof Problem ? error : new Problem('malformed', { cause: 'the client hung up' });
  }
  return Buffer.concat(chunks);
}
