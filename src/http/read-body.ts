import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../problems.ts';

const maxBytes = 64 * 1024;
/** Milliseconds for a body to arrive. Only an authorised caller gets more than the first limit. */
const timeoutMs = { anyone: 10_000, welcome: 20_000 };
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads the body as untrusted bytes. After ten seconds, `requireWelcome` decides whether to wait for the rest.
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
  throw new Problem('malformed', { detail: 'The request body took too long to arrive.' });
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
 * Parses a body as JSON; `undefined` for an empty one. RFC 8259 §8.1: UTF-8 without a byte order mark.
 * @throws Problem `not-json` · `malformed`
 */
export function parseJson(bytes: Uint8Array, type: string | null): unknown {
  if (type === null && bytes.length === 0) return undefined;
  if (!/^application\/json\s*(;|$)/i.test(type ?? '')) throw new Problem('not-json');
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (error) {
    // The parser’s message quotes its input, which may contain a password. Only the error’s name is logged.
    throw new Problem('malformed', {
      detail: 'The request body is not valid JSON.',
      cause: { name: error instanceof Error ? error.name : 'unknown' },
    });
  }
}

/**
 * Reads a form-encoded body, as OAuth clients send it.
 * @throws Problem `too-large` · `malformed`
 */
export async function readForm(request: Request): Promise<URLSearchParams> {
  return new URLSearchParams(Buffer.from(await readBody(request)).toString('utf8'));
}
