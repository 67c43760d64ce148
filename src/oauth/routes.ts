import { endpoint, type Client } from '../http/endpoint.ts';
import { Problem } from '../problems.ts';
import type { Services, Signed } from '../services.ts';
import { authenticate } from '../sessions/authenticate.ts';
import { requireConfirmation } from '../sessions/require-confirmation.ts';
import { providers, type FlowPurpose, type Provider } from '../store/port.ts';
import { finishFlow, wayBack } from './finish.ts';
import { FlowProblem } from './flow-problem.ts';
import { dropProvider } from './join.ts';
import type { ProviderClient } from './providers.ts';
import { callbackQuery, providersAnswer, safePath, startQuery } from './shapes.ts';
import { isFromOurPage, startFlow } from './start.ts';

const start = endpoint({
  method: 'GET',
  path: '/api/sign-in/:provider',
  summary: 'Go to a sign-in provider, to sign in, to be joined to one’s account or to confirm that it is oneself',
  needs: 'anyone',
  limit: 'provider-start',
  query: startQuery,
  status: 302,
  problems: ['not-found', 'not-signed-in', 'confirmation-required', 'cross-site-request'],
  handle: async (services, { params, query, client, headers }) => {
    const { provider, via } = chosen(services, params.provider);
    const purpose = query.purpose ?? 'sign-in';
    const to = safePath(query.to, services.config.origin) ?? landings[purpose];
    const who = await mayStart[purpose](services, client);
    const location = await startFlow(services, { provider, via, purpose, to, who, headers }).catch((error: unknown) => {
      if (!(error instanceof FlowProblem)) throw error;
      services.log.warn({ provider, err: error.cause }, 'A sign-in provider does not say where to go.');
      return wayBack(error.kind, provider, { purpose, to });
    });
    headers.set('Location', String(location));
    return undefined;
  },
});

const callback = endpoint({
  method: 'GET',
  path: '/api/sign-in/:provider/callback',
  summary: 'Come back from a sign-in provider',
  needs: 'anyone',
  limit: 'provider-callback',
  query: callbackQuery,
  status: 303,
  problems: ['not-found'],
  handle: async (services, { params, query, client, headers }) => {
    const answer = new URLSearchParams(query);
    headers.set('Location', await finishFlow(services, { ...chosen(services, params.provider), answer, client, headers }));
    return undefined;
  },
});

const listProviders = endpoint({
  method: 'GET',
  path: '/api/account/providers',
  summary: 'The sign-in providers that are joined to one’s account',
  needs: 'signedIn',
  held: 'allowed',
  limit: null,
  answer: providersAnswer,
  status: 200,
  problems: [],
  handle: async ({ store }, { who }) => {
    const joined = await store.listIdentities(who.account.id);
    const items = joined.map(({ provider, email, joinedAt }) => ({ provider, email, joinedAt: joinedAt.toISOString() }));
    return { items, hasPassword: who.account.passwordHash !== null };
  },
});

const drop = endpoint({
  method: 'DELETE',
  path: '/api/account/providers/:provider',
  summary: 'Drop a sign-in provider from one’s account; every other session ends',
  needs: 'recentlyConfirmed',
  held: 'allowed',
  limit: null,
  status: 204,
  problems: ['not-found', 'last-way-in'],
  handle: async (services, { params, who, client }) => {
    await dropProvider(services, { who, provider: providerOf(params.provider), client });
    return undefined;
  },
});

/** Where the browser lands unless it was going somewhere. */
const landings: Record<FlowPurpose, string> = { 'sign-in': '/home', join: '/account', confirm: '/account' };

/** Who may set out for what. @throws Problem */
const mayStart: Record<FlowPurpose, (services: Services, client: Client) => Promise<Signed | null>> = {
  'sign-in': async () => null,
  async join(services, client) {
    const who = await fromOurPage(services, client);
    await requireConfirmation(services, who);
    return who;
  },
  confirm: fromOurPage,
};

/** Another site could send somebody to a provider where it has signed them in as its own. */
async function fromOurPage(services: Services, client: Client): Promise<Signed> {
  const who = await authenticate(services, client.sessionToken, { held: 'allowed' });
  if (!who) throw new Problem('not-signed-in');
  if (!isFromOurPage(client)) throw new Problem('cross-site-request');
  return who;
}

function chosen(services: Services, name: string): { provider: Provider; via: ProviderClient } {
  const provider = providerOf(name);
  const via = services.providers[provider];
  if (!via) throw new Problem('not-found');
  return { provider, via };
}

function providerOf(name: string): Provider {
  const provider = providers.find((one) => one === name);
  if (!provider) throw new Problem('not-found');
  return provider;
}

export const oauthEndpoints = [start, callback, listProviders, drop];
