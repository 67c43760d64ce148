import type { Actor, Reply } from './actor.ts';
import { textAt } from './json.ts';
import { NotApplicable } from './verdict.ts';

export interface PersonThere {
  email: string;
  /** Whether the provider has verified the address. */
  verified?: boolean;
}

interface Way {
  purpose?: 'sign-in' | 'connect' | 'confirm';
  to?: string;
}

export const providers = ['google', 'github'] as const;

/**
 * How a flow starts, by its purpose. Only signing in starts with a GET, because it changes no
 * account.
 */
const starts: Record<
  NonNullable<Way['purpose']>,
  (actor: Actor, provider: string, to: { to?: string }) => Promise<Reply>
> = {
  'sign-in': (actor, provider, to) =>
    actor.get(`/api/sign-in/${provider}?${new URLSearchParams(to)}`),
  connect: (actor, provider, to) => actor.post(`/api/account/providers/${provider}/connect`, to),
  confirm: (actor, provider, to) => actor.post(`/api/session/confirm/${provider}`, to),
};

/** Starts a flow at a mock provider; returns the URL that the browser is sent to. */
export async function setOut(
  actor: Actor,
  provider: string,
  { purpose = 'sign-in', to }: Way = {},
): Promise<URL> {
  const { status, headers, json, text } = await starts[purpose](
    actor,
    provider,
    to === undefined ? {} : { to },
  );
  const location =
    status === 302 ? headers.location : status === 200 ? textAt(json, 'location') : undefined;
  if (location === undefined)
    throw new Error(`Starting at ${provider} was answered ${status}: ${text.slice(0, 200)}`);
  const page = new URL(location);
  if (!page.pathname.startsWith('/sandbox/'))
    throw new NotApplicable(`${provider} is not a mock provider here.`);
  return page;
}

/** Consents there as a chosen user; returns the path that the browser is sent back to. */
export async function agree(
  actor: Actor,
  page: URL,
  { email, verified = true }: PersonThere,
): Promise<string> {
  const { text } = await actor.get(`${page.pathname}${page.search}`, { Accept: 'text/html' });
  const ask = /name="ask" value="([^"]+)"/.exec(text)?.[1] ?? '';
  const query = new URLSearchParams({
    ask,
    email,
    name: 'Ada Lovelace',
    ...(verified && { verified: 'on' }),
  });
  const consent = page.pathname.replace(/(\/sandbox\/\w+)\/.*/, '$1/consent');
  const { headers, status } = await actor.get(`${consent}?${query}`);
  if (status !== 302) throw new Error(`Agreeing at ${consent} was answered ${status}.`);
  const back = new URL(headers.location ?? '');
  return `${back.pathname}${back.search}`;
}

/** A whole flow; returns the answer of the callback. */
export async function goThrough(
  actor: Actor,
  provider: string,
  person: PersonThere,
  way: Way = {},
): Promise<Reply> {
  return actor.get(await agree(actor, await setOut(actor, provider, way), person));
}

/** The problem that the callback redirected with; `null` on success. */
export function problemOf({ headers }: Reply): string | null {
  return new URL(headers.location ?? '', 'http://localhost').searchParams.get('problem');
}
