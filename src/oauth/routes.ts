import {
  callbackQuery,
  providersAnswer,
  startAnswer,
  startBody,
  startQuery,
} from '../api/providers.ts';
import { safePath } from '../api/screens.ts';
import type { Cookie } from '../cookies.ts';
import { endpoint } from '../http/endpoint.ts';
import { Reply } from '../http/reply.ts';
import { Problem } from '../problems.ts';
import { providers, type FlowPurpose, type Provider } from '../records.ts';
import type { Services, Principal, ProviderClient } from '../services.ts';
import { confirmationMethods, isUsable } from '../sessions/confirmation-methods.ts';
import { disconnectProvider } from './connect.ts';
import { finishFlow, wayBack } from './finish.ts';
import { FlowProblem } from './flow-problem.ts';
import { startFlow } from './start.ts';

const start = endpoint({
  method: 'GET',
  path: '/api/sign-in/:provider',
  summary: 'Start signing in with a provider',
  needs: 'anyone',
  limit: 'provider-start',
  query: startQuery,
  status: 302,
  problems: ['not-found'],
  handle: async (services, { params, query }) => {
    const { location, cookies } = await setOut(services, {
      name: params.provider,
      purpose: 'sign-in',
      to: query.to,
      principal: null,
    });
    return new Reply(undefined, { location, cookies });
  },
});

const connect = endpoint({
  method: 'POST',
  path: '/api/account/providers/:provider/connect',
  summary: 'Start connecting a sign-in provider to the account; returns where to send the browser',
  needs: 'recentlyConfirmed',
  whileEnrolling: true,
  limit: 'provider-start',
  body: startBody,
  answer: startAnswer,
  status: 200,
  problems: ['not-found'],
  handle: async (services, { params, body, principal }) => {
    const { location, cookies } = await setOut(services, {
      name: params.provider,
      purpose: 'connect',
      to: body.to,
      principal,
    });
    return new Reply({ location }, { cookies });
  },
});

/**
 * One path per provider instead of a parameter, because Hono’s fast router cannot combine one with
 * `/api/session/confirm/passkey/options`.
 */
const confirmAtProvider = providers.map((name) =>
  endpoint({
    method: 'POST',
    path: `/api/session/confirm/${name}`,
    summary: 'Start re-authentication with a connected provider; returns where to send the browser',
    needs: 'signedIn',
    whileEnrolling: true,
    limit: 'provider-start',
    body: startBody,
    answer: startAnswer,
    status: 200,
    problems: ['not-found', 'confirmation-required'],
    handle: async (services, { body, principal }) => {
      const { provider } = chosen(services, name);
      const methods = await confirmationMethods(services, principal.account);
      if (!methods.includes(provider))
        throw new Problem('confirmation-required', { members: { methods } });
      const { location, cookies } = await setOut(services, {
        name,
        purpose: 'confirm',
        to: body.to,
        principal,
      });
      return new Reply({ location }, { cookies });
    },
  }),
);

const callback = endpoint({
  method: 'GET',
  path: '/api/sign-in/:provider/callback',
  summary: 'Handle the redirect from a sign-in provider',
  needs: 'anyone',
  limit: 'provider-callback',
  query: callbackQuery,
  status: 303,
  problems: ['not-found'],
  handle: async (services, { params, query, client }) => {
    const callback = {
      ...chosen(services, params.provider),
      answer: new URLSearchParams(query),
      client,
    };
    const { to: location, cookies } = await finishFlow(services, callback);
    return new Reply(undefined, { location, cookies });
  },
});

const listProviders = endpoint({
  method: 'GET',
  path: '/api/account/providers',
  summary: 'List the connected sign-in providers',
  needs: 'signedIn',
  whileEnrolling: true,
  limit: null,
  answer: providersAnswer,
  status: 200,
  problems: [],
  handle: async ({ store, providers: configured }, { principal }) => {
    const connected = await store.listIdentities(principal.account.id);
    const items = connected.map(({ provider, issuer, email, connectedAt }) => ({
      provider,
      email,
      connectedAt: connectedAt.toISOString(),
      usable: isUsable(configured, { provider, issuer }),
    }));
    return { items, hasPassword: principal.account.passwordHash !== null };
  },
});

const disconnect = endpoint({
  method: 'DELETE',
  path: '/api/account/providers/:provider',
  summary: 'Disconnect a sign-in provider; ends every other session',
  needs: 'recentlyConfirmed',
  whileEnrolling: true,
  limit: null,
  status: 204,
  problems: ['not-found', 'last-way-in'],
  handle: async (services, { params, principal, client }) => {
    await disconnectProvider(services, {
      principal,
      provider: providerOf(params.provider),
      client,
    });
    return undefined;
  },
});

/** Where the browser is redirected if the request named no destination. */
const landings: Record<FlowPurpose, string> = {
  'sign-in': '/home',
  connect: '/account',
  confirm: '/account',
};

interface Starting {
  /** The provider’s name. */
  name: string;
  purpose: FlowPurpose;
  to: string | undefined;
  principal: Principal | null;
}

/**
 * Returns where to redirect the browser: to the provider, or to a page that explains the problem.
 * @throws Problem `not-found`
 */
async function setOut(
  services: Services,
  { name, purpose, to: wanted, principal }: Starting,
): Promise<{ location: string; cookies: readonly Cookie[] }> {
  const { provider, via } = chosen(services, name);
  const to = safePath(wanted, services.config.origin) ?? landings[purpose];
  try {
    const { url, cookie } = await startFlow(services, { provider, via, purpose, to, principal });
    return { location: url.href, cookies: [cookie] };
  } catch (error) {
    if (!(error instanceof FlowProblem)) throw error;
    services.log.warn(
      { provider, err: error.cause },
      'A sign-in provider’s configuration could not be read.',
    );
    return { location: wayBack(error.kind, provider, { purpose, to }), cookies: [] };
  }
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

export const oauthEndpoints = [
  start,
  callback,
  connect,
  ...confirmAtProvider,
  listProviders,
  disconnect,
];
