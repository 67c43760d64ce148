import type { Answer, Visitor } from './visitor.ts';

export interface PersonThere {
  email: string;
  name?: string;
  /** Whether the provider has verified the address. */
  verified?: boolean;
}

interface Way {
  purpose?: 'sign-in' | 'connect' | 'confirm';
  to?: string;
}

/** How a flow starts, by its purpose. */
const starts: Record<
  NonNullable<Way['purpose']>,
  (visitor: Visitor, provider: string, to: { to?: string }) => Promise<Answer>
> = {
  'sign-in': (visitor, provider, to) =>
    visitor.get(`/api/sign-in/${provider}?${new URLSearchParams(to)}`),
  connect: (visitor, provider, to) =>
    visitor.post(`/api/account/providers/${provider}/connect`, to),
  confirm: (visitor, provider, to) => visitor.post(`/api/session/confirm/${provider}`, to),
};

/** Starts a flow at a mock provider; returns the URL that the browser is sent to. */
export async function setOut(
  visitor: Visitor,
  provider: string,
  { purpose = 'sign-in', to }: Way = {},
): Promise<URL> {
  const { status, headers, body } = await starts[purpose](
    visitor,
    provider,
    to === undefined ? {} : { to },
  );
  const location = status === 302 ? headers.get('location') : status === 200 ? body.location : null;
  if (location === null)
    throw new Error(`Starting was answered ${status}: ${JSON.stringify(body)}`);
  return new URL(location, 'http://localhost:3000');
}

/** Consents there as a chosen user; returns the path that the browser is sent back to. */
export async function agree(
  visitor: Visitor,
  page: URL,
  { email, name = 'Ada', verified = true }: PersonThere,
): Promise<string> {
  const { body } = await visitor.get(`${page.pathname}${page.search}`, { Accept: 'text/html' });
  const ask = /name="ask" value="([^"]+)"/.exec(body)?.[1] ?? '';
  const query = new URLSearchParams({ ask, email, name, ...(verified && { verified: 'on' }) });
  const consent = page.pathname.replace(/(\/sandbox\/\w+)\/.*/, '$1/consent');
  const { headers } = await visitor.get(`${consent}?${query}`);
  const back = new URL(headers.get('location') ?? '');
  return `${back.pathname}${back.search}`;
}

/** A whole flow; returns the answer of the callback. */
export async function goThrough(
  visitor: Visitor,
  provider: string,
  person: PersonThere,
  way: Way = {},
): Promise<Answer> {
  return visitor.get(await agree(visitor, await setOut(visitor, provider, way), person));
}

/** The problem that the callback redirected with; `null` on success. */
export function problemOf({ headers }: Answer): string | null {
  return new URL(headers.get('location') ?? '', 'http://localhost:3000').searchParams.get(
    'problem',
  );
}
