import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../problems.ts';

const maxBytes = 64 * 1024;
/** Milliseconds in which a body arrives; from the first on, only of a caller who is welcome to take longer. */
const timeoutMs = { anyone: 10_000, welcome: 20_000 };
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The body, believed to be nothing yet. After ten seconds `requireWelcome` decides whether the rest is waited for.
 * @throws Problem `too-large` · `malformed`, and what `requireWelcome` throws
 */
export async function readBody(
  request: Request,
  requireWelcome: () => Promise<void> = tooSlow,
): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw new Problem('too-large');
  if (request.body === null) return new Uint8Array();
  const reader: ReadableStreamDefaultReader<Uint8Array> = request.body.getReader();
  try {
    const bytes = collect(reader);
    return (
      (await within(timeoutMs.anyone, bytes)) ??
      (await requireWelcome(), await within(timeoutMs.welcome, bytes)) ??
      (await tooSlow())
    );
  } catch (error) {
    reader.cancel().catch(() => {});
    throw error;
  }
}

/** @throws Problem `malformed` */
export async function tooSlow(): Promise<never> {
  throw new Problem('malformed', { detail: 'The body took too long to arrive.' });
}

async function collect(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new Problem('malformed', { cause: 'the client hung up' });
    });
    if (done) return Buffer.concat(chunks);
    length += value.length;
    if (length > maxBytes) throw new Problem('too-large');
    chunks.push(value);
  }
}

async function within<Value>(
  milliseconds: number,
  arriving: Promise<Value>,
): Promise<Value | null> {
  const given = new AbortController();
  const late = sleep(milliseconds, null, { signal: given.signal }).catch(() => null);
  try {
    return await Promise.race([arriving, late]);
  } finally {
    given.abort();
  }
}

/**
 * A body that was read, as parsed JSON; `undefined` where there is none. RFC 8259 §8.1: UTF-8 without a mark.
 * @throws Problem `not-json` · `malformed`
 */
export function parseJson(bytes: Uint8Array, type: string | null): unknown {
  if (type === null && bytes.length === 0) return undefined;
  if (!/^application\/json\s*(;|$)/i.test(type ?? '')) throw new Problem('not-json');
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (error) {
    // The parser quotes what it read, and that may be a password: only its kind goes into the log.
    throw new Problem('malformed', {
      detail: 'The body is not JSON.',
      cause: { name: error instanceof Error ? error.name : 'unknown' },
    });
  }
}

/** The body of a form, as programs send it to one another. @throws Problem `too-large` · `malformed` */
export async function readForm(request: Request): Promise<URLSearchParams> {
  return new URLSearchParams(Buffer.from(await readBody(request)).toString('utf8'));
}
