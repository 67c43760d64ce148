/** The part of `fetch` that provider clients need. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const timeoutMs = 5_000;
const maxBytes = 1_000_000;

/**
 * Limits each call to five seconds, each response to one megabyte, and follows no redirects, so that a misbehaving
 * provider cannot hold up the server.
 */
export function boundedFetch(fetch: Fetch): Fetch {
  return async (url, init) => {
    const signals = [AbortSignal.timeout(timeoutMs), ...(init.signal ? [init.signal] : [])];
    const answer = await fetch(url, {
      ...init,
      redirect: 'manual',
      signal: AbortSignal.any(signals),
    });
    const bytes = await read(answer);
    return new Response(bytes.length === 0 ? null : bytes, {
      status: answer.status,
      headers: answer.headers,
    });
  };
}

async function read({ body }: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > maxBytes) throw new Error('The provider answered more than a megabyte.');
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
