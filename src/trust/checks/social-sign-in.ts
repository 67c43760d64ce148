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
    fault: 'not to a page of the provider’s own, or in the clear',
    broken: ({ url, provider }, { origin }) => !isElsewhere(url, provider, origin),
  },
  {
    fault: 'not for a code',
    broken: ({ url }) => url.searchParams.get('response_type') !== 'code',
  },
  {
    fault: 'without PKCE by SHA-256',
    broken: ({ url: { searchParams: query } }) =>
      query.get('code_challenge_method') !== 'S256' ||
      !secret.test(query.get('code_challenge') ?? ''),
  },
  {
    fault: 'without a state of 256 bits',
    broken: ({ url }) => !secret.test(url.searchParams.get('state') ?? ''),
  },
  {
    fault: 'without a nonce',
    broken: ({ url, provider }) =>
      provider === 'google' && !secret.test(url.searchParams.get('nonce') ?? ''),
  },
  {
    fault: 'with another way back',
    broken: ({ url, provider }, { origin }) =>
      url.searchParams.get('redirect_uri') !== `${origin}/api/sign-in/${provider}/callback`,
  },
  { fault: 'with our secret in it', broken: ({ url }) => url.searchParams.has('client_secret') },
  {
    fault: 'without a cookie that binds it to the browser, out of reach of scripts',
    broken: (request, site) => !isBound(request, site),
  },
];

export const socialSignIn: Check = {
  id: 'social-sign-in',
  version: '1',
  title:
    'Whoever signs in with Google or GitHub is sent there, with a code flow that is bound to their browser',
  method: 'TEST',
  vantage: 'black-box',
  ...oftenFromOutside,
  limits:
    'What the provider does. It does not sign in there, and looks at the way there only; the way back is tried on a twin.',
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
    for (const provider of providers)
      for (const canary of [await context.canary(), await context.canary()])
        requests.push(await setOut(canary, provider));

    const states = new Set(requests.map(({ url }) => url.searchParams.get('state')));
    const faults = [
      ...requests.flatMap((request) =>
        rules
          .filter(({ broken }) => broken(request, context.site))
          .map(({ fault }) => `The way to ${request.provider} is ${fault}.`),
      ),
      ...(states.size < requests.length ? ['Two browsers were given the same state.'] : []),
    ];
    const holds = `${requests.length} of ${requests.length} ways to ${providers.join(' and ')} ask for a code, with PKCE and a state of their own; no password passes through here.`;
    return judge({ faults, holds, examined: requests.length });
  },
  controls: [
    leading('that asks for a token instead of a code', (url) =>
      url.searchParams.set('response_type', 'token'),
    ),
    leading('that leaves out PKCE', (url) => url.searchParams.delete('code_challenge')),
    leading('that uses plain PKCE', (url) =>
      url.searchParams.set('code_challenge_method', 'plain'),
    ),
    leading('with a short state', (url) => url.searchParams.set('state', '12345')),
    leading('with the same state for everybody', (url) =>
      url.searchParams.set('state', 'A'.repeat(43)),
    ),
    {
      ...leading('without a nonce', (url) => url.searchParams.delete('nonce')),
      on: ({ providers }) => providers.includes('google'),
    },
    leading('that has the answer sent elsewhere', (url) =>
      url.searchParams.set('redirect_uri', 'https://evil.example/callback'),
    ),
    leading('that shows its secret', (url) => url.searchParams.set('client_secret', 'x')),
    leading('that asks for the password itself', (url) => (url.pathname = '/sign-in')),
    {
      where: 'that binds nothing to the browser',
      tamper: answering('', () => ({ setCookies: [] })),
    },
    {
      where: 'whose binding scripts can read',
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
