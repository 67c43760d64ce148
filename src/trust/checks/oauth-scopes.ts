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
    openid: 'a name for the person that never changes',
    email: 'the address, and whether it is proved',
    profile: 'the name',
  },
  github: {
    'read:user': 'the id and the name of the public profile',
    'user:email': 'the primary address, and whether it is verified',
  },
};
/** Parameters that make a provider grant more than the scopes, or for longer than the sign-in. */
const widening = ['access_type', 'include_granted_scopes', 'claims', 'resource'];

export const oauthScopes: Check = {
  id: 'oauth-scopes',
  version: '1',
  title: 'What is asked of Google and GitHub is what stands in the register, and nothing more',
  method: 'TEST',
  vantage: 'black-box',
  ...oftenFromOutside,
  limits:
    'That a provider grants no more than it was asked for, and that each scope is needed. No grant is kept: the tokens of a sign-in are used once and forgotten.',
  async examine(context) {
    const { providers } = context.site;
    if (providers.length === 0)
      return {
        outcome: 'not-applicable',
        reason: 'Nobody signs in with Google or GitHub here.',
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
            `${provider} is asked for “${scope}”, which is not in the register.`,
        ),
      ...requests
        .filter(({ url }) => scopesOf(url).length === 0)
        .map(
          ({ provider }) =>
            `${provider} is asked for no scope at all, which may mean all there are.`,
        ),
      ...requests.flatMap(({ provider, url }) =>
        widening
          .filter((name) => url.searchParams.has(name))
          .map((name) => `${provider} is asked for more by “${name}”.`),
      ),
    ];
    const holds = `${asked.length} of ${asked.length} scopes are in the register: ${asked.map(({ scope }) => scope).join(', ')}.`;
    return judge({ faults, holds, examined: asked.length });
  },
  controls: [
    {
      where: 'that also asks for the repositories',
      tamper: answering(
        '',
        sendingElsewhere((url) =>
          url.searchParams.set('scope', `${url.searchParams.get('scope')} repo`),
        ),
      ),
    },
    {
      where: 'that asks for a calendar',
      tamper: answering(
        '',
        sendingElsewhere((url) =>
          url.searchParams.append('scope', 'https://www.googleapis.com/auth/calendar'),
        ),
      ),
    },
    {
      where: 'that asks for nothing in particular',
      tamper: answering(
        '',
        sendingElsewhere((url) => url.searchParams.delete('scope')),
      ),
    },
    {
      where: 'that wants to stay when the person has gone',
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
