import type { Attack } from './attack.ts';
import { keysIn } from './json.ts';
import type { Target } from './target.ts';
import { must, mustAnswer } from './verdict.ts';

/** Answers of every kind: the path, and the status that it has without a session. */
const kinds: [string, number][] = [
  ['/', 200],
  ['/sign-in', 200],
  ['/security', 200],
  ['/docs', 200],
  ['/trusted-types.js', 200],
  ['/favicon.svg', 200],
  ['/api/deployment', 200],
  ['/security/run', 303],
  ['/api/session', 401],
  ['/nothing', 404],
  ['/api/nothing', 404],
];

async function assetsOf(target: Target): Promise<string[]> {
  const { text } = await target.actor().get('/sign-in', { Accept: 'text/html' });
  return [...text.matchAll(/<(?:script|link)[^>]*?\s(?:src|href)="(\/[^"]+)"/g)].map(
    ([, path = '']) => path,
  );
}

/** N: headers that every answer must have, and headers that no answer may have. */
export const headerAttacks: readonly Attack[] = [
  {
    id: 'N137',
    title: 'An answer without its protective headers',
    source: 'ASVS 3.4; hardening.md §3',
    async run(target) {
      const wanted: [string, RegExp][] = [
        ['x-content-type-options', /^nosniff$/],
        ['referrer-policy', /^no-referrer$/],
        ['cross-origin-opener-policy', /^same-origin$/],
        ['cross-origin-resource-policy', /^same-origin$/],
        ['x-frame-options', /^DENY$/],
        ['permissions-policy', /camera=\(\)/],
        ['content-security-policy', /default-src 'none'.*frame-ancestors 'none'/],
      ];
      for (const [path, status] of kinds) {
        for (const accept of ['text/html', 'application/json']) {
          const reply = await target.actor().get(path, { Accept: accept });
          must(
            reply.status === status || path === '/security/run',
            `${path} was answered ${reply.status}.`,
          );
          for (const [name, form] of wanted)
            must(
              form.test(String(reply.headers[name] ?? '')),
              `${path} as ${accept}: ${name} is ${String(reply.headers[name] ?? 'missing')}.`,
            );
          must(
            !/unsafe|\*|http:/.test(String(reply.headers['content-security-policy'])),
            `${path} has the policy ${String(reply.headers['content-security-policy'])}`,
          );
        }
      }
    },
  },
  {
    id: 'N138',
    title: 'HTTPS for ever, said over plain HTTP or not said over HTTPS',
    source: 'ASVS 3.4.1; RFC 6797 §7.2',
    async run(target) {
      const { headers } = await target.actor().get('/');
      const said = headers['strict-transport-security'];
      must(
        target.isSecure
          ? Number(/max-age=(\d+)/.exec(String(said))?.[1] ?? 0) >= 31_536_000
          : said === undefined,
        `Strict-Transport-Security is ${said ?? 'missing'}.`,
      );
    },
  },
  {
    id: 'N139',
    title: 'Pages that allow script from anywhere',
    source: 'ASVS 3.4.3',
    async run(target) {
      for (const path of ['/', '/sign-in', '/security', '/docs', '/nothing', '/sandbox/mailbox']) {
        const { headers, text } = await target.actor().get(path, { Accept: 'text/html' });
        const policy = String(headers['content-security-policy']);
        for (const part of [
          "script-src 'self'",
          "object-src 'none'",
          "base-uri 'none'",
          "form-action 'self'",
          "require-trusted-types-for 'script'",
        ])
          must(policy.includes(part), `${path} lacks ${part}.`);
        must(
          !/<script(?![^>]*\ssrc=)[^>]*>|\son\w+=|javascript:|<style|\sstyle="/i.test(text),
          `${path} has inline script or style.`,
        );
      }
    },
  },
  {
    id: 'N141',
    title: 'Doors that developers leave open',
    source: 'ASVS 13.4.1–13.4.5',
    async run(target) {
      const doors = [
        '/debug',
        '/.env',
        '/.git/HEAD',
        '/.git/config',
        '/.DS_Store',
        '/server-status',
        '/actuator/env',
        '/phpinfo.php',
        '/graphql',
        '/api',
        '/api/',
        '/api/users',
        '/api/admin',
        '/api/debug',
        '/api/test',
        '/console',
        '/swagger.json',
        '/api-docs',
        '/__vite_ping',
        '/@vite/client',
        '/@fs/etc/passwd',
        '/node_modules',
        '/backup.zip',
        '/flowcept.db',
        '/data/flowcept.db.key',
        '/sandbox',
        '/sandbox/',
        '/.well-known/',
        '/wp-login.php',
        '/trace',
        '/heapdump',
        '/api/session?debug=1',
      ];
      for (const path of doors) {
        const reply = await target.actor().get(path);
        must([404, 401].includes(reply.status), `${path} was answered ${reply.status}.`);
        must(!/node_modules|\.ts:\d|at Object\./.test(reply.text), `${path} shows how it is made.`);
      }
    },
  },
  {
    id: 'N142',
    title: 'Health pages that tell too much',
    source: 'ASVS 13.4.5',
    async run(target) {
      for (const path of ['/healthz', '/readyz']) {
        const reply = await target.actor().get(path);
        mustAnswer(reply, 200, path);
        must(
          keysIn(reply.json).join() === 'status' && reply.text.length < 60,
          `${path} says ${reply.text}`,
        );
      }
    },
  },
  {
    id: 'N144',
    title: 'A server that introduces itself',
    source: 'ASVS 13.4.6',
    async run(target) {
      for (const [path] of kinds) {
        const { headers } = await target.actor().get(path);
        for (const name of ['server', 'x-powered-by', 'via', 'x-runtime', 'x-aspnet-version'])
          must(headers[name] === undefined, `${path} says ${name}: ${String(headers[name])}`);
      }
    },
  },
  {
    id: 'N145',
    title: 'Secrets and sources in what browsers download',
    source: 'ASVS 13.3.1',
    async run(target) {
      const assets = await assetsOf(target);
      must(assets.length > 0, 'The app’s page loads nothing.');
      for (const path of assets) {
        const { status, text, headers } = await target.actor().get(path);
        must(status === 200, `${path} was answered ${status}.`);
        must(
          !/sourceMappingURL=|-----BEGIN|AKIA[0-9A-Z]{16}|mongodb(\+srv)?:\/\/|FLOWCEPT_KEYS\s*[=:]|passwordHash/.test(
            text,
          ),
          `${path} carries what no browser needs.`,
        );
        must(
          /no-cache|immutable/.test(String(headers['cache-control'])),
          `${path} is kept as ${headers['cache-control']}.`,
        );
        for (const map of [`${path}.map`, path.replace(/\.\w+$/, '.map')])
          must((await target.actor().get(map)).status === 404, `${map} is served.`);
      }
    },
  },
  {
    id: 'N201',
    title: 'Sandbox pages seen from elsewhere',
    source: 'our own: codes for any caller who asks',
    async run(target) {
      for (const name of forwardingHeaders.flatMap((one) => [
        one,
        one.toUpperCase(),
        one.replaceAll('-', '_'),
      ])) {
        for (const page of [
          '/sandbox/mailbox',
          '/sandbox/google/jwks',
          '/sandbox/github/api/user',
        ]) {
          mustAnswer(
            await target.actor().get(page, { [name]: '127.0.0.1' }),
            [404, 421],
            `${page} with ${name}`,
          );
        }
      }
      for (const value of ['for=127.0.0.1', '', 'localhost', '1.1 localhost']) {
        for (const name of ['Forwarded', 'Via', 'X-Forwarded-For'])
          mustAnswer(
            await target.actor().get('/sandbox/mailbox', { [name]: value }),
            [404, 421],
            `The mailbox with ${name}: ${value}`,
          );
      }
      for (const host of ['evil.test', '127.0.0.1', 'localhost.evil.test', 'localhost']) {
        mustAnswer(
          await target.actor().get('/sandbox/mailbox', { Host: host }),
          421,
          `The mailbox under the name ${host}`,
        );
      }
    },
  },
  {
    id: 'N202',
    title: 'The sandbox mailbox behind a proxy that adds no header',
    source:
      'our own: nginx before 1.29.7 speaks HTTP/1.0 to what is behind it, as the Host that it was given',
    async run(target) {
      const { host } = target.origin;
      const { email } = await target.openSignUp();
      for (const [version, more] of [
        ['1.0', ''],
        ['1.0', 'Connection: close\r\n'],
        ['1.0', 'Connection: keep-alive\r\n'],
        ['0.9', ''],
      ]) {
        for (const page of [
          `/sandbox/mailbox?to=${email}`,
          '/sandbox/google/.well-known/openid-configuration',
          '/%73andbox/mailbox',
        ]) {
          const { text } = await target.raw(
            `GET ${page} HTTP/${version}\r\nHost: ${host}\r\nAccept: application/json\r\n${more}\r\n`,
            { wait: 1_000 },
          );
          must(
            /^HTTP\/1\.[01] (?:400|404|421) /.test(text) && !text.includes(email),
            `${page} by HTTP/${version} says ${text.slice(0, 15)}.`,
          );
        }
      }
      const { text } = await target.raw(
        `GET /sandbox/mailbox?to=${email} HTTP/1.1\r\nHost: ${host}\r\nAccept: application/json\r\nConnection: close\r\n\r\n`,
      );
      must(
        text.startsWith('HTTP/1.1 200 ') && text.includes(email),
        `The mailbox is not shown to this machine: ${text.slice(0, 15)}.`,
      );
    },
  },
];

/** Headers that proxies, load balancers, content networks and tunnels add to a request. */
const forwardingHeaders = [
  'Forwarded',
  'Forwarded-For',
  'X-Forwarded',
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'X-Forwarded-Proto',
  'X-Forwarded-Port',
  'X-Forwarded-Server',
  'X-Forwarded-By',
  'X-Forwarded-Prefix',
  'X-Forwarded-Client-Cert',
  'X-Original-Forwarded-For',
  'Via',
  'CDN-Loop',
  'Client-IP',
  'X-Client-IP',
  'X-Cluster-Client-IP',
  'True-Client-IP',
  'Fastly-Client-IP',
  'Fly-Client-IP',
  'Proxy-Client-IP',
  'WL-Proxy-Client-IP',
  'X-Azure-ClientIP',
  'X-Sucuri-ClientIP',
  'X-Real-IP',
  'CF-Connecting-IP',
  'CF-Connecting-IPv6',
  'CF-Ray',
  'CF-Visitor',
  'X-NF-Client-Connection-IP',
  'DO-Connecting-IP',
  'X-Appengine-User-IP',
  'X-ProxyUser-IP',
  'X-Originating-IP',
  'X-Remote-IP',
  'X-Remote-Addr',
  'X-Envoy-External-Address',
  'X-Envoy-Expected-Rq-Timeout-Ms',
  'X-Vercel-Id',
  'X-Amz-Cf-Id',
  'X-Amzn-Trace-Id',
  'X-Azure-FDID',
  'X-ARR-SSL',
  'X-Akamai-Edgescape',
  'Akamai-Origin-Hop',
  'X-Varnish',
  'X-Cloud-Trace-Context',
  'Tailscale-User-Login',
  'X-Original-Host',
  'X-Original-URL',
  'X-Host',
  'X-Scheme',
  'X-Proxy-Id',
  'Proxy-Connection',
  'Front-End-Https',
  'X-SSL-Client-Verify',
  'X-Nginx-Proxy',
] as const;
