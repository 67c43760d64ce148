import { judge, oftenFromOutside, type Check } from '../probe/check.ts';
import {
  sendingElsewhere,
  setOut,
  type AuthorizationRequest,
} from './support/authorization-request.ts';
import { answering } from './support/tamper.ts';

/** The scopes that may be requested, and the reason for each. ASVS 10.2.3. */
const register: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  google: {
    openid: 'a permanent identifier of the user',
    email: 'the email address, and whether it is verified',
    profile: 'the name',
  },
  github: {
    'read:user': 'the ID and the name of the public profile',
    'user:email': 'the primary email address, and whether it is verified',
  },
};
/** Parameters that make a provider grant more than the scopes, or for longer than the sign-in. */
const widening = ['access_type', 'include_granted_scopes', 'claims', 'resource'];

export const oauthScopes: Check = {
  id: 'oauth-scopes',
  version: '1',
  title: 'Flowcept requests only the registered OAuth scopes from Google and GitHub',
  method: 'TEST',
  vantage: 'black-box',
  ...oftenFromOutside,
  limits: 'Scopes that a provider grants beyond those requested, and whether each scope is needed',
  async examine(context) {
    const { providers } = context.site;
    if (providers.length === 0)
      return {
        outcome: 'not-applicable',
        reason: 'Sign-in with Google and GitHub is not set up on this deployment.',
        examined: 0,
        population: 0,
      };
    const requests: AuthorizationRequest[] = [];
    for (const provider of providers) requests.push(await setOut(await context.canary(), provider));

    const asked = requests.flatMap(({ provider, url }) =>
      scopesOf(url).map((scope) => ({ provider, scope })),
    );
    const faults = [
      ...asked
        .filter(({ provider, scope }) => !Object.hasOwn(register[provider] ?? {}, scope))
        .map(
          ({ provider, scope }) =>
            `The request to ${provider} has the scope “${scope}”, which is not registered.`,
        ),
      ...requests
        .filter(({ url }) => scopesOf(url).length === 0)
        .map(
          ({ provider }) =>
            `The request to ${provider} has no scope, which a provider may read as all scopes.`,
        ),
      ...requests.flatMap(({ provider, url }) =>
        widening
          .filter((name) => url.searchParams.has(name))
          .map((name) => `The request to ${provider} asks for more access with “${name}”.`),
      ),
    ];
    const holds = `${asked.length} of ${asked.length} requested scopes are registered: ${asked.map(({ scope }) => scope).join(', ')}.`;
    return judge({ faults, holds, examined: asked.length });
  },
  controls: [
    {
      where: 'repository access requested',
      tamper: answering(
        '',
        sendingElsewhere((url) =>
          url.searchParams.set('scope', `${url.searchParams.get('scope')} repo`),
        ),
      ),
    },
    {
      where: 'calendar access requested',
      tamper: answering(
        '',
        sendingElsewhere((url) =>
          url.searchParams.append('scope', 'https://www.googleapis.com/auth/calendar'),
        ),
      ),
    },
    {
      where: 'request without a scope',
      tamper: answering(
        '',
        sendingElsewhere((url) => url.searchParams.delete('scope')),
      ),
    },
    {
      where: 'offline access requested',
      tamper: answering(
        '',
        sendingElsewhere((url) => url.searchParams.set('access_type', 'offline')),
      ),
    },
  ],
};

function scopesOf(url: URL): string[] {
  return url.searchParams
    .getAll('scope')
    .flatMap((value) => value.split(/[ ,]+/))
    .filter((scope) => scope !== '');
}
