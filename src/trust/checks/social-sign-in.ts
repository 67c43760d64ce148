import type { Site } from '../probe/check-context.ts';
import { judge, oftenFromOutside, type Check, type Control } from '../probe/check.ts';
import { parseSetCookie, withoutAttribute } from '../probe/set-cookie.ts';
import {
  sendingElsewhere,
  setOut,
  type AuthorizationRequest,
} from './support/authorization-request.ts';
import { answering } from './support/tamper.ts';

const secret = /^[\w-]{43,}$/;

/**
 * Requirements for a sign-in at a provider: the authorization code flow with PKCE, bound to this browser. RFC 9700
 * §2.1; ASVS 10.1.2, 10.2.1.
 */
const rules: readonly {
  fault: string;
  broken(request: AuthorizationRequest, site: Site): boolean;
}[] = [
  {
    fault: 'does not go to the provider over HTTPS',
    broken: ({ url, provider }, { origin }) => !isElsewhere(url, provider, origin),
  },
  {
    fault: 'does not use the authorization code flow',
    broken: ({ url }) => url.searchParams.get('response_type') !== 'code',
  },
  {
    fault: 'has no PKCE with S256',
    broken: ({ url: { searchParams: query } }) =>
      query.get('code_challenge_method') !== 'S256' ||
      !secret.test(query.get('code_challenge') ?? ''),
  },
  {
    fault: 'has no state of 256 bits',
    broken: ({ url }) => !secret.test(url.searchParams.get('state') ?? ''),
  },
  {
    fault: 'has no nonce',
    broken: ({ url, provider }) =>
      provider === 'google' && !secret.test(url.searchParams.get('nonce') ?? ''),
  },
  {
    fault: 'has another redirect URI',
    broken: ({ url, provider }, { origin }) =>
      url.searchParams.get('redirect_uri') !== `${origin}/api/sign-in/${provider}/callback`,
  },
  {
    fault: 'contains the client secret',
    broken: ({ url }) => url.searchParams.has('client_secret'),
  },
  {
    fault: 'is not bound to the browser by a cookie that scripts cannot read',
    broken: (request, site) => !isBound(request, site),
  },
];

export const socialSignIn: Check = {
  id: 'social-sign-in',
  version: '1',
  title:
    'Sign-in with Google and GitHub uses the authorization code flow with PKCE, bound to the browser',
  method: 'TEST',
  vantage: 'black-box',
  ...oftenFromOutside,
  limits: 'What the provider does, and the callback, which checks on a test instance test',
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
    for (const provider of providers)
      for (const canary of [await context.canary(), await context.canary()])
        requests.push(await setOut(canary, provider));

    const states = new Set(requests.map(({ url }) => url.searchParams.get('state')));
    const faults = [
      ...requests.flatMap((request) =>
        rules
          .filter(({ broken }) => broken(request, context.site))
          .map(({ fault }) => `The authorization request to ${request.provider} ${fault}.`),
      ),
      ...(states.size < requests.length ? ['Two browsers got the same state.'] : []),
    ];
    const holds = `${requests.length} of ${requests.length} authorization requests to ${providers.join(' and ')} use the code flow, each with its own PKCE challenge and state. No password passes through this server.`;
    return judge({ faults, holds, examined: requests.length });
  },
  controls: [
    leading('token requested in place of a code', (url) =>
      url.searchParams.set('response_type', 'token'),
    ),
    leading('no PKCE', (url) => url.searchParams.delete('code_challenge')),
    leading('plain PKCE', (url) => url.searchParams.set('code_challenge_method', 'plain')),
    leading('short state', (url) => url.searchParams.set('state', '12345')),
    leading('same state for every browser', (url) => url.searchParams.set('state', 'A'.repeat(43))),
    {
      ...leading('no nonce', (url) => url.searchParams.delete('nonce')),
      on: ({ providers }) => providers.includes('google'),
    },
    leading('redirect URI on another site', (url) =>
      url.searchParams.set('redirect_uri', 'https://evil.example/callback'),
    ),
    leading('client secret in the request', (url) => url.searchParams.set('client_secret', 'x')),
    leading('password form in place of the provider', (url) => (url.pathname = '/sign-in')),
    {
      where: 'request not bound to the browser',
      tamper: answering('', () => ({ setCookies: [] })),
    },
    {
      where: 'binding cookie readable by scripts',
      tamper: answering('', ({ setCookies }) => ({
        setCookies: setCookies.map((header) => withoutAttribute(header, 'HttpOnly')),
      })),
    },
  ],
};

function leading(where: string, change: (url: URL) => void): Control {
  return { where, tamper: answering('', sendingElsewhere(change)) };
}

/** Another site over TLS, or a mock provider on this machine, below its own path. */
function isElsewhere(
  { origin, protocol, hostname, pathname }: URL,
  provider: string,
  ours: string,
): boolean {
  if (origin === ours) return pathname.startsWith(`/sandbox/${provider}/`);
  return (
    protocol === 'https:' ||
    (protocol === 'http:' && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname))
  );
}

function isBound({ answer }: AuthorizationRequest, { secure }: Site): boolean {
  return answer.setCookies.map(parseSetCookie).some(({ name, value, attributes }) => {
    const isOut =
      attributes.has('httponly') &&
      attributes.get('samesite')?.toLowerCase() === 'lax' &&
      !attributes.has('domain');
    return (
      secret.test(value) &&
      isOut &&
      (!secure || (attributes.has('secure') && name.startsWith('__Host-')))
    );
  });
}
