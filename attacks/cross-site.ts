import type { Attack } from './attack.ts';
import { textAt } from './json.ts';
import type { Member, Route, Target } from './target.ts';
import { must, mustAnswer } from './verdict.ts';

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

async function unsafeRoutes(target: Target): Promise<Route[]> {
  return (await target.routes()).filter(({ method }) => !safe.has(method));
}

/** The state of an account that a cross-site request could have changed. */
async function stateOf({ actor }: Pick<Member, 'actor'>): Promise<string> {
  const replies = await Promise.all(
    ['/api/session', '/api/sessions?limit=100', '/api/account/activity?limit=100'].map((path) =>
      actor.get(path),
    ),
  );
  return replies
    .map(
      ({ status, text }) =>
        `${status} ${text.replaceAll(/"(lastUsedAt|expiresAt|reference)":"[^"]*"/g, '')}`,
    )
    .join('\n');
}

function foreignHeaders(origin: URL): Record<string, string | null>[] {
  const port = Number(origin.port || 443) + 1;
  const origins = [
    'https://evil.test',
    'null',
    `${origin.origin}.evil.test`,
    `${origin.protocol}//sub.${origin.host}`,
    `${origin.protocol}//${origin.hostname}:${port}`,
    `${origin.origin}/`,
    origin.origin.toUpperCase(),
    '',
    `${origin.origin} https://evil.test`,
    `${origin.origin}, https://evil.test`,
  ];
  const sites = [
    'cross-site',
    'same-site',
    'none',
    '',
    'Same-Origin',
    'same-origin, cross-site',
    'same-originx',
  ];
  return [
    ...origins.map((from) => ({ 'Sec-Fetch-Site': null, Origin: from })),
    ...sites.map((site) => ({ 'Sec-Fetch-Site': site, Origin: origin.origin })),
    { 'Sec-Fetch-Site': 'cross-site', Origin: null },
    { 'Sec-Fetch-Site': null, Origin: null },
    { 'Sec-Fetch-Site': null, Origin: null, Referer: `${origin.origin}/account` },
  ];
}

/** G: another site that uses the victim’s browser. */
export const crossSiteAttacks: readonly Attack[] = [
  {
    id: 'G56',
    title: 'A request from another site to anything that changes',
    source: 'ASVS 3.5.1–3.5.3; OWASP Cross-Site Request Forgery',
    async run(target) {
      const member = await target.member();
      const before = await stateOf(member);
      for (const { method, path, takesJson } of await unsafeRoutes(target)) {
        for (const headers of foreignHeaders(target.origin)) {
          const sending = {
            headers,
            ...(takesJson ? { body: { name: 'Eve', password: member.password } } : {}),
          };
          const reply = await member.actor.send(method, path.replace('{id}', 'x'), sending);
          must(
            reply.status === 403 && textAt(reply.json, 'type') === '/problems/cross-site-request',
            `${method} ${path} with ${JSON.stringify(headers)} was answered ${reply.status}.`,
          );
        }
      }
      must((await stateOf(member)) === before, 'A request of another site changed something.');
    },
  },
  {
    id: 'G57',
    title: 'JSON in the clothes of a form',
    source: 'GHSA-2234-fmw7-43wr; ASVS 3.5.2',
    async run(target) {
      const member = await target.member();
      const types = [
        'text/plain',
        'text/plain; application/json',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'text/json',
        'application/json-patch+json',
        'application/jsonp',
        'application/x-json',
        'application/ld+json',
        'multipart/form-data; type="application/json"',
        'text/plain, application/json',
        'application/json, text/plain',
        ' ; application/json',
        '',
      ];
      for (const { method, path, takesJson } of await unsafeRoutes(target)) {
        if (!takesJson || path.includes('claim')) continue;
        for (const type of [...types, null]) {
          const reply = await member.actor.send(method, path.replace('{id}', 'x'), {
            body: '{"name":"Eve"}',
            headers: { 'Content-Type': type },
          });
          // Operator routes reject a user without the role before they read the body.
          const refused = path.startsWith('/api/operator/') ? 403 : 415;
          must(
            [refused, 429].includes(reply.status),
            `${method} ${path} with the type ${type ?? 'missing'} was answered ${reply.status}.`,
          );
        }
      }
      mustAnswer(
        await member.actor.send('PATCH', '/api/account', {
          body: { name: 'Ada' },
          headers: { 'Content-Type': 'APPLICATION/JSON; charset=utf-8' },
        }),
        200,
        'JSON in capitals',
      );
    },
  },
  {
    id: 'G58',
    title: 'Links that act when they are opened',
    source: 'ASVS 3.5.3',
    async run(target) {
      const member = await target.member();
      const before = await stateOf(member);
      const paths = (await target.routes()).map(({ path }) => path.replace('{id}', 'x'));
      for (const path of new Set([
        ...paths,
        '/',
        '/home',
        '/account',
        '/activity',
        '/undo',
        '/operator',
        '/docs',
        '/security',
        '/healthz',
        '/readyz',
        '/sandbox/mailbox',
      ])) {
        for (const method of ['GET', 'HEAD', 'OPTIONS'])
          await member.actor.send(method, path, {
            headers: { 'Sec-Fetch-Site': 'cross-site', Accept: 'text/html' },
          });
      }
      must((await stateOf(member)) === before, 'Opening a link changed something.');
    },
  },
  {
    id: 'G59',
    title: 'One method in the name of another',
    source: 'ASVS 4.1.4, 13.4.4',
    async run(target) {
      const member = await target.member();
      const before = await stateOf(member);
      const override = {
        'X-HTTP-Method-Override': 'DELETE',
        'X-HTTP-Method': 'DELETE',
        'X-Method-Override': 'DELETE',
      };
      for (const [method, path] of [
        ['GET', '/api/sessions'],
        ['POST', '/api/sessions'],
        ['GET', '/api/sessions?_method=DELETE'],
        ['POST', '/api/session?_method=DELETE'],
        ['GET', '/api/sign-out'],
      ] as const) {
        const reply = await member.actor.send(method, path, { headers: override });
        must(
          method === 'GET' ? reply.status !== 204 : reply.status === 405,
          `${method} ${path} with an override was answered ${reply.status}.`,
        );
      }
      for (const method of ['PUT', 'PATCH', 'TRACE', 'OPTIONS', 'PROPFIND', 'PURGE', 'SEARCH']) {
        for (const path of ['/api/sessions', '/', '/sandbox/mailbox']) {
          const reply = await member.actor.send(method, path);
          must(
            [404, 405, 403, 400].includes(reply.status) &&
              !reply.text.includes(member.actor.token ?? 'none'),
            `${method} ${path} was answered ${reply.status}.`,
          );
        }
      }
      must((await stateOf(member)) === before, 'A method that is not served changed something.');
    },
  },
  {
    id: 'G60',
    title: 'Reading across origins',
    source: 'ASVS 3.4.2',
    async run(target) {
      const { actor } = await target.member();
      for (const path of [
        '/api/session',
        '/api/deployment',
        '/sandbox/mailbox',
        '/openapi.json',
        '/',
        '/trusted-types.js',
        '/api/nothing',
      ]) {
        for (const origin of ['https://evil.test', 'null', `${target.origin.origin}.evil.test`]) {
          for (const method of ['GET', 'OPTIONS', 'HEAD']) {
            const headers = {
              Origin: origin,
              'Sec-Fetch-Site': 'cross-site',
              'Access-Control-Request-Method': 'DELETE',
              'Access-Control-Request-Headers': 'content-type',
              'Access-Control-Request-Private-Network': 'true',
            };
            const reply = await actor.send(method, path, { headers });
            const allowed = Object.keys(reply.headers).filter((name) =>
              name.startsWith('access-control-'),
            );
            must(allowed.length === 0, `${method} ${path} allows ${origin}: ${allowed.join(', ')}`);
            must(
              reply.headers['cross-origin-resource-policy'] === 'same-origin',
              `${path} may be embedded by other sites.`,
            );
          }
        }
      }
    },
  },
  {
    id: 'G61',
    title: 'Our pages in an attacker’s frame, or in reach of the page that opened them',
    source: 'ASVS 3.4.6, 3.4.8',
    async run(target) {
      for (const path of [
        '/',
        '/sign-in',
        '/undo',
        '/security',
        '/docs',
        '/nothing',
        '/sandbox/mailbox',
        '/operator',
      ]) {
        const { headers } = await target.actor().get(path, { Accept: 'text/html' });
        const policy = String(headers['content-security-policy'] ?? '');
        must(
          policy.includes("frame-ancestors 'none'") && headers['x-frame-options'] === 'DENY',
          `${path} can be framed.`,
        );
        must(headers['cross-origin-opener-policy'] === 'same-origin', `${path} keeps its opener.`);
      }
    },
  },
  {
    id: 'G62',
    title: 'An image that signs out',
    source: 'better-auth 1.6.17, end-session',
    async run(target) {
      const member = await target.member();
      for (const path of [
        '/api/sign-out',
        '/sign-out',
        '/api/sessions',
        '/api/session/end',
        '/api/account/undo',
        '/security/run',
      ]) {
        await member.actor.get(path, {
          'Sec-Fetch-Site': 'cross-site',
          'Sec-Fetch-Dest': 'image',
          Accept: 'image/*',
        });
      }
      must((await target.whoIs(member.actor)) === member.id, 'An image signed the victim out.');
    },
  },
  {
    id: 'G201',
    title: 'Signing the victim in as the attacker',
    source: 'ASVS 3.5.1; OWASP Cross-Site Request Forgery, login',
    async run(target) {
      const attacker = await target.member();
      const foreign: Record<string, string | null>[] = [
        { 'Sec-Fetch-Site': 'cross-site' },
        { 'Sec-Fetch-Site': null, Origin: 'https://evil.test' },
        { 'Sec-Fetch-Site': null, Origin: 'null' },
      ];
      for (const headers of foreign) {
        const browser = target.actor();
        const reply = await browser.send('POST', '/api/sign-in', {
          body: { email: attacker.email, password: attacker.password },
          headers,
        });
        must(
          reply.status === 403 && browser.token === undefined,
          `A browser without a cookie was signed in from another site: ${reply.status}.`,
        );
      }
    },
  },
];
