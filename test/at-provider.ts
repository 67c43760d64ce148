import type { Answer, Visitor } from './visitor.ts';

export interface PersonThere {
  email: string;
  name?: string;
  /** Whether the provider has proved the address. */
  verified?: boolean;
}

interface Way {
  purpose?: 'sign-in' | 'join' | 'confirm';
  to?: string;
}

/** Sets out for a practice provider; answers the page that it is sent to. */
export async function setOut(visitor: Visitor, provider: string, { purpose, to }: Way = {}): Promise<URL> {
  const query = new URLSearchParams({ ...(purpose && { purpose }), ...(to !== undefined && { to }) });
  const { status, headers, body } = await visitor.get(`/api/sign-in/${provider}?${query}`);
  if (status !== 302) throw new Error(`Setting out was answered ${status}: ${JSON.stringify(body)}`);
  return new URL(headers.get('location') ?? '', 'http://localhost:3000');
}

/** Agrees there, as somebody; answers the path by which the browser is sent back. */
export async function agree(visitor: Visitor, page: URL, { email, name = 'Ada', verified = true }: PersonThere): Promise<string> {
  const { body } = await visitor.get(`${page.pathname}${page.search}`, { Accept: 'text/html' });
  const ask = /name="ask" value="([^"]+)"/.exec(body)?.[1] ?? '';
  const query = new URLSearchParams({ ask, email, name, ...(verified && { verified: 'on' }) });
  const consent = page.pathname.replace(/(\/practice\/\w+)\/.*/, '$1/consent');
  const { headers } = await visitor.get(`${consent}?${query}`);
  const back = new URL(headers.get('location') ?? '');
  return `${back.pathname}${back.search}`;
}

/** There and back: what the callback answers. */
export async function goThrough(visitor: Visitor, provider: string, person: PersonThere, way: Way = {}): Promise<Answer> {
  return visitor.get(await agree(visitor, await setOut(visitor, provider, way), person));
}

/** The problem that a callback sent the browser on with; `null` when it got in. */
export function problemOf({ headers }: Answer): string | null {
  return new URL(headers.get('location') ?? '', 'http://localhost:3000').searchParams.get('problem');
}
