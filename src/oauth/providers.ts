import type { Config } from '../config.ts';
import { type Issuer, type Provider, providers } from '../records.ts';
import type { Providers } from '../services.ts';
import { boundedFetch, type Fetch } from './bounded-fetch.ts';
import { makeGithub } from './github.ts';
import { makeGoogle } from './google.ts';

/** What a provider client needs besides its settings. */
export interface ProviderParts {
  /** The exact URI that is registered with the provider. */
  redirectUri: string;
  fetch: Fetch;
}

export function makeProviders(
  { google, github, origin }: Pick<Config, 'google' | 'github' | 'origin'>,
  fetch: Fetch,
): Providers {
  const parts = (provider: Provider): ProviderParts => ({
    redirectUri: redirectUri(origin, provider),
    fetch: boundedFetch(fetch),
  });
  return {
    ...(google && { google: makeGoogle(google, parts('google')) }),
    ...(github && { github: makeGithub(github, parts('github')) }),
  };
}

/** The issuers of the configured providers. */
export function issuersOf(configured: Providers): Issuer[] {
  return providers.flatMap((provider) => {
    const issuer = configured[provider]?.issuer;
    return issuer === undefined ? [] : [{ provider, issuer }];
  });
}

export function redirectUri(origin: string, provider: Provider): string {
  return `${origin}/api/sign-in/${provider}/callback`;
}
