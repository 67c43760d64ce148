import type { Config } from '../config.ts';
import type { FlowPurpose, Provider } from '../records.ts';
import { boundedFetch, type Fetch } from './bounded-fetch.ts';
import type { FlowSecrets } from './flow-secrets.ts';
import { makeGithub } from './github.ts';
import { makeGoogle } from './google.ts';

/** Somebody, as a provider knows them. */
export interface Person {
  /** The provider's own name for them. */
  subject: string;
  /** An address that the provider has proved, as it says it; `null` where it vouches for none. */
  email: string | null;
  name: string | null;
}

/** One sign-in provider, by OAuth 2.0 with PKCE. */
export interface ProviderClient {
  /** Where the browser is sent. For anything but a sign-in the person is asked who they are. */
  authorizationUrl(secrets: FlowSecrets, purpose: FlowPurpose): Promise<URL>;
  /**
   * Who came back, by one exchange of the code; its tokens are used for that and forgotten.
   * @throws Refused when the person said no; anything else when the provider, or what came back, is not what it must be
   */
  whoCameBack(answer: URLSearchParams, secrets: FlowSecrets): Promise<Person>;
}

export type Providers = Partial<Record<Provider, ProviderClient>>;

/** What a provider client needs besides its settings. */
export interface ProviderParts {
  /** Exactly what is registered at the provider. */
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

export function redirectUri(origin: string, provider: Provider): string {
  return `${origin}/api/sign-in/${provider}/callback`;
}
