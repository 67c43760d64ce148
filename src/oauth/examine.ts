import { providerNames } from '../api/providers.ts';
import type { Config, GithubSetting, GoogleSetting } from '../config.ts';
import type { Provider } from '../records.ts';
import { boundedFetch, type Fetch } from './bounded-fetch.ts';
import { codeFlow } from './code-flow.ts';
import { makeIssuer } from './issuer.ts';
import { redirectUri } from './providers.ts';

export interface Examined {
  provider: Provider;
  state: 'ok' | 'warning';
  text: string;
}

/** The format of the real services’ client IDs and secrets. */
const looks: Record<Provider, { clientId: RegExp; clientSecret: RegExp }> = {
  google: {
    clientId: /^\d+-\w+\.apps\.googleusercontent\.com$/,
    clientSecret: /^GOCSPX-[\w-]{20,}$/,
  },
  github: {
    clientId: /^(Ov23[A-Za-z0-9]{16}|Iv[\w.]+|[0-9a-f]{20})$/,
    clientSecret: /^[0-9a-f]{40}$/,
  },
};

/**
 * Checks the sign-in providers’ settings without signing in. The only request is for the provider’s discovery document.
 */
export async function examineProviders(
  config: Pick<Config, 'origin' | 'google' | 'github'>,
  fetch: Fetch,
): Promise<Examined[]> {
  const { google, github, origin } = config;
  return [
    ...(google ? await examineGoogle(google, origin, fetch) : absent('google')),
    ...(github ? examineGithub(github, origin) : absent('github')),
  ];
}

async function examineGoogle(
  setting: GoogleSetting,
  origin: string,
  fetch: Fetch,
): Promise<Examined[]> {
  const provider = 'google';
  if (setting.sandbox) return [mocked(provider, origin)];
  const isReal = setting.issuer.hostname === 'accounts.google.com';
  const uri = redirectUri(origin, provider);
  const isPlain = setting.issuer.protocol === 'http:';
  const { calls } = codeFlow(
    setting,
    { redirectUri: uri, fetch: boundedFetch(fetch) },
    { scope: '', isPlain },
  );
  const server = await makeIssuer(setting.issuer, calls)
    .server()
    .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  const found: Examined =
    typeof server === 'string'
      ? {
          provider,
          state: 'warning',
          text: `GOOGLE_ISSUER: ${setting.issuer.origin} has no valid discovery document: ${server}.`,
        }
      : {
          provider,
          state: 'ok',
          text: `${server.issuer} found by discovery; register ${uri} there`,
        };
  return [found, ...(isReal ? lookAtCredentials(provider, setting) : [])];
}

function examineGithub(setting: GithubSetting, origin: string): Examined[] {
  const provider = 'github';
  if (setting.sandbox) return [mocked(provider, origin)];
  const isReal = setting.url.hostname === 'github.com';
  return [
    {
      provider,
      state: 'ok',
      text: `${setting.url.origin}; register ${redirectUri(origin, provider)} there`,
    },
    ...(setting.clientId.startsWith('Iv') ? [needsEmailPermission] : []),
    ...(isReal ? lookAtCredentials(provider, setting) : []),
  ];
}

/** A GitHub App takes its permissions from its own settings and ignores the scope. */
const needsEmailPermission: Examined = {
  provider: 'github',
  state: 'warning',
  text: 'GITHUB_CLIENT_ID is that of a GitHub App. Grant it the account permission “Email addresses: read-only”, or only people who are connected already can sign in.',
};

function lookAtCredentials(
  provider: Provider,
  given: { clientId: string; clientSecret: string },
): Examined[] {
  const names = { clientId: 'CLIENT_ID', clientSecret: 'CLIENT_SECRET' } as const;
  return (['clientId', 'clientSecret'] as const)
    .filter((part) => !looks[provider][part].test(given[part]))
    .map((part) => ({
      provider,
      state: 'warning',
      text: `${provider.toUpperCase()}_${names[part]} does not look like a ${providerNames[provider]} value. Check it.`,
    }));
}

function mocked(provider: Provider, origin: string): Examined {
  return {
    provider,
    state: 'ok',
    text: `a mock provider, at ${origin}/sandbox/${provider}`,
  };
}

function absent(provider: Provider): Examined[] {
  return [
    { provider, state: 'ok', text: `not set: sign-in is off for ${providerNames[provider]}` },
  ];
}
