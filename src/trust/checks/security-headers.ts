import type { Canary } from '../probe/canary.ts';
import type { Site } from '../probe/check-context.ts';
import { fourTimesADay, judge, type Check, type Control } from '../probe/check.ts';
import { nameOf, saysSomething, type CheckResponse, type CheckRequest } from '../probe/exchange.ts';
import {
  type Policy,
  policyOf,
  isPage,
  isOpen,
  isLoose,
} from './support/content-security-policy.ts';
import { answering, withoutHeader } from './support/tamper.ts';

const year = 365 * 24 * 60 * 60;
const html = { accept: 'text/html' };
const stranger = { origin: 'https://stranger.example', 'sec-fetch-site': 'cross-site' };

/** Every kind of response that a visitor without a session can get, and the status by which it is recognised. */
const kinds: readonly { request: CheckRequest; status: number }[] = [
  { request: { method: 'GET', path: '/', headers: html }, status: 200 },
  { request: { method: 'GET', path: '/security', headers: html }, status: 200 },
  { request: { method: 'HEAD', path: '/docs', headers: html }, status: 200 },
  { request: { method: 'GET', path: '/nothing-is-here', headers: html }, status: 404 },
  { request: { method: 'POST', path: '/security/run', headers: html }, status: 401 },
  { request: { method: 'GET', path: '/api/deployment', headers: stranger }, status: 200 },
  { request: { method: 'GET', path: '/api/trust' }, status: 200 },
  { request: { method: 'GET', path: '/api/session' }, status: 401 },
  { request: { method: 'GET', path: '/api/nothing-is-here' }, status: 404 },
  { request: { method: 'POST', path: '/api/sign-out' }, status: 204 },
  { request: { method: 'POST', path: '/api/sign-out', headers: stranger }, status: 403 },
  {
    request: {
      method: 'POST',
      path: '/api/account/undo',
      raw: { type: 'application/json', text: '{' },
    },
    status: 400,
  },
  {
    request: { method: 'POST', path: '/api/account/undo', raw: { type: 'text/plain', text: '{}' } },
    status: 415,
  },
  { request: { method: 'POST', path: '/api/account/undo', json: {} }, status: 422 },
  {
    request: { method: 'POST', path: '/api/account/undo', json: { token: 'x'.repeat(70_000) } },
    status: 413,
  },
  {
    request: {
      method: 'OPTIONS',
      path: '/api/session',
      headers: { ...stranger, 'access-control-request-method': 'GET' },
    },
    status: 405,
  },
  { request: { method: 'GET', path: '/openapi.json' }, status: 200 },
  { request: { method: 'GET', path: '/healthz' }, status: 200 },
  { request: { method: 'GET', path: '/readyz' }, status: 200 },
];

interface Rule {
  /** The fault, to follow the response’s name. */
  fault: string;
  broken(answer: CheckResponse, site: Site): boolean;
  /** The negative control that has this fault. */
  testInstance: { where: string; change(answer: CheckResponse): CheckResponse['headers'] };
  on?: (site: Site) => boolean;
}

const without = (name: string) => (answer: CheckResponse) => withoutHeader(answer, name);
const exactly = (name: string, value: string): Rule => ({
  fault: `has no ${name}: ${value}`,
  broken: ({ headers }) => headers[name] !== value,
  testInstance: { where: `no ${name} header`, change: without(name) },
});
const policyThat = (
  fault: string,
  broken: (policy: Policy, answer: CheckResponse) => boolean,
  where: string,
  spoil: (policy: string) => string,
): Rule => ({
  fault,
  broken: (answer) => broken(policyOf(answer), answer),
  testInstance: {
    where,
    change: ({ headers }) => ({
      ...headers,
      'content-security-policy': spoil(headers['content-security-policy'] ?? ''),
    }),
  },
});

/** What every response must and must not carry. ASVS 3.4.1 to 3.4.8, 3.5.1, 13.4.6, 14.2.2. */
const rules: readonly Rule[] = [
  exactly('x-content-type-options', 'nosniff'),
  exactly('referrer-policy', 'no-referrer'),
  exactly('cross-origin-opener-policy', 'same-origin'),
  exactly('cross-origin-resource-policy', 'same-origin'),
  exactly('x-frame-options', 'DENY'),
  {
    fault: 'has no permissions-policy that denies camera, microphone and geolocation',
    broken: ({ headers }) =>
      !['camera=()', 'microphone=()', 'geolocation=()'].every((closed) =>
        headers['permissions-policy']?.includes(closed),
      ),
    testInstance: {
      where: 'microphone allowed',
      change: ({ headers }) => ({ ...headers, 'permissions-policy': 'camera=(), geolocation=()' }),
    },
  },
  policyThat(
    'has a content security policy that allows sources by default',
    (policy) => policy.get('default-src')?.join(' ') !== "'none'",
    'no content security policy',
    () => '',
  ),
  policyThat(
    'can be framed',
    (policy) => policy.get('frame-ancestors')?.join(' ') !== "'none'",
    'framing allowed',
    (policy) => policy.replace(/frame-ancestors 'none'/, 'frame-ancestors *'),
  ),
  policyThat(
    'is a page that allows inline scripts or styles, or those of other sites',
    isOpen,
    'inline scripts allowed',
    (policy) => `${policy}; script-src-elem 'self' 'unsafe-inline'`,
  ),
  policyThat(
    'is a page that does not restrict form targets, base URL, plug-ins or Trusted Types',
    isLoose,
    'form targets not restricted',
    (policy) => policy.replace("form-action 'self'", 'form-action *'),
  ),
  {
    fault: 'can be read by pages of other sites',
    broken: ({ headers }) =>
      Object.keys(headers).some((name) => name.startsWith('access-control-allow-')),
    testInstance: {
      where: 'responses readable by every site',
      change: ({ headers }) => ({ ...headers, 'access-control-allow-origin': '*' }),
    },
  },
  {
    fault: 'can be stored by caches',
    broken: ({ to, headers }) => / \/api\//.test(to) && headers['cache-control'] !== 'no-store',
    testInstance: {
      where: 'responses can be cached',
      change: ({ headers }) => ({ ...headers, 'cache-control': 'public' }),
    },
  },
  {
    fault: 'discloses the server software',
    broken: ({ headers }) =>
      headers['x-powered-by'] !== undefined || /\d/.test(headers['server'] ?? ''),
    testInstance: {
      where: 'server version disclosed',
      change: ({ headers }) => ({ ...headers, server: 'nginx/1.25.3' }),
    },
  },
  {
    fault: 'does not set HSTS for at least a year',
    broken: ({ headers }, { secure }) =>
      secure &&
      Number(/max-age=(\d+)/.exec(headers['strict-transport-security'] ?? '')?.[1] ?? 0) < year,
    testInstance: { where: 'no HSTS', change: without('strict-transport-security') },
    on: ({ secure }) => secure,
  },
];

export const securityHeaders: Check = {
  id: 'security-headers',
  version: '1',
  title:
    'Every kind of response has the security headers, and every page has a Content-Security-Policy',
  method: 'TEST',
  vantage: 'black-box',
  ...fourTimesADay,
  limits: 'Whether browsers obey the headers, and responses to malformed HTTP requests',
  async examine(context) {
    const canary = await context.canary();
    const answers: CheckResponse[] = [];
    for (const { request } of kinds) answers.push(await canary.sendAs(null, request));
    const meant = answers.filter(({ status }, at) => status === kinds[at]?.status);
    const screen = await canary.sendAs(null, { method: 'GET', path: '/sign-in', headers: html });
    const files = await filesOf(canary, [...answers, screen]);

    const all = [...answers, screen, ...files];
    const faults = all.filter(saysSomething).flatMap((answer) => faultsOf(answer, context.site));
    const pages = all.filter(isPage).length;
    const holds = `${all.length} of ${all.length} responses have the headers: ${pages} pages, ${files.length} files and ${all.length - pages - files.length} others, including errors.`;
    return judge({
      faults,
      needs: all,
      holds,
      examined: all.length - (kinds.length - meant.length),
      population: all.length,
    });
  },
  controls: [
    ...rules.map(({ testInstance, on }): Control => ({
      where: testInstance.where,
      tamper: answering('', (answer) => ({ headers: testInstance.change(answer) })),
      ...(on && { on }),
    })),
    {
      where: 'header missing on scripts',
      tamper: answering('.js', (answer) => ({
        headers: withoutHeader(answer, 'x-content-type-options'),
      })),
    },
    {
      where: 'header missing on an error',
      tamper: answering('GET /api/session', (answer) => ({
        headers: withoutHeader(answer, 'referrer-policy'),
      })),
    },
  ],
};

/** The files that these pages reference, requested without and with a cached copy. */
async function filesOf(canary: Canary, pages: readonly CheckResponse[]): Promise<CheckResponse[]> {
  const named = pages
    .filter(isPage)
    .flatMap(({ body }) =>
      [...body.matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css|svg))"/g)].map(([, path]) => path ?? ''),
    );
  const answers: CheckResponse[] = [];
  for (const path of new Set(named)) {
    const answer = await canary.sendAs(null, { method: 'GET', path });
    answers.push(
      answer,
      await canary.sendAs(null, {
        method: 'GET',
        path,
        headers: { 'if-none-match': answer.headers['etag'] ?? '' },
      }),
    );
  }
  return answers;
}

function faultsOf(answer: CheckResponse, site: Site): string[] {
  return rules
    .filter(({ broken }) => broken(answer, site))
    .map(({ fault }) => `${nameOf(answer)} (${answer.status}) ${fault}.`);
}
