import type { Canary } from '../../probe/canary.ts';
import { Inconclusive, nameOf, type CheckResponse } from '../../probe/exchange.ts';

/** The authorization request that a browser sends to a sign-in provider. */
export interface AuthorizationRequest {
  provider: string;
  url: URL;
  /** The response that redirects there. */
  answer: CheckResponse;
}

/** Starts a sign-in at a provider. @throws Inconclusive if there is no redirect */
export async function setOut(canary: Canary, provider: string): Promise<AuthorizationRequest> {
  const answer = await canary.send({ method: 'GET', path: `/api/sign-in/${provider}` });
  const location = answer.headers['location'] ?? '';
  if (answer.status !== 302 || !URL.canParse(location))
    throw new Inconclusive(
      `${nameOf(answer)} does not redirect to a provider: it returned ${answer.status}.`,
    );
  return { provider, url: new URL(location), answer };
}

/** The mock provider’s redirect after consent: path and query of our callback. @throws Inconclusive */
export async function wayBack(canary: Canary, provider: string): Promise<string> {
  const { url } = await setOut(canary, provider);
  const page = await canary.send({ method: 'GET', path: `${url.pathname}${url.search}` });
  const ask = /name="ask" value="([^"]+)"/.exec(page.body)?.[1];
  if (ask === undefined)
    throw new Inconclusive(`The mock consent page of ${provider} has no form.`);
  const query = new URLSearchParams({
    ask,
    email: canary.email,
    name: canary.name,
    verified: 'on',
  });
  const sent = await canary.send({ method: 'GET', path: `/sandbox/${provider}/consent?${query}` });
  const location = sent.headers['location'] ?? '';
  if (!URL.canParse(location))
    throw new Inconclusive(`The mock consent page of ${provider} does not redirect back.`);
  const back = new URL(location);
  return `${back.pathname}${back.search}`;
}

/** Negative control: redirects to providers with another URL. */
export function sendingElsewhere(
  change: (url: URL) => void,
): (answer: CheckResponse) => Partial<CheckResponse> {
  return (answer) => {
    const location = answer.headers['location'];
    if (location === undefined || !URL.canParse(location)) return {};
    const url = new URL(location);
    change(url);
    return { headers: { ...answer.headers, location: url.href } };
  };
}
