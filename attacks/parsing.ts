import type { Attack } from './attack.ts';
import { keysIn, listAt, textAt } from './json.ts';
import { fewAtATime } from './parallel.ts';
import { goodPassword, linksIn, type Target } from './target.ts';
import { must, mustAnswer } from './verdict.ts';

/** Endpoints that read JSON without a session, each with a valid body. */
const strangersBodies: Record<string, Record<string, unknown>> = {
  '/api/sign-up': { email: 'nobody@drill.example.org', password: goodPassword, name: 'Ada' },
  '/api/sign-in': { email: 'nobody@drill.example.org', password: goodPassword },
  '/api/recovery': { email: 'nobody@drill.example.org' },
  '/api/recovery/complete': { challenge: 'x', code: '000000', password: goodPassword },
  '/api/challenges/x/verify': { code: '000000' },
  '/api/account/undo': { token: 'x' },
  '/api/operators/claim': {
    token: 'x',
    email: 'nobody@drill.example.org',
    password: goodPassword,
    name: 'Ada',
  },
};

/** Sends this to each of them, from an address of its own. */
async function toEach(
  target: Target,
  body: string | Buffer,
  allowed: readonly number[],
  headers: Record<string, string> = {},
): Promise<void> {
  await fewAtATime(Object.keys(strangersBodies), 7, async (path) => {
    const reply = await target.actor().post(path, body, headers);
    const shown =
      typeof body === 'string' ? body.slice(0, 60) : `<${body.subarray(0, 20).toString('hex')}>`;
    must(
      allowed.includes(reply.status) && /problem\+json/.test(String(reply.headers['content-type'])),
      `${path} with ${shown} was answered ${reply.status}.`,
    );
  });
}

const sqlTricks = [
  "' OR '1'='1",
  "'; DROP TABLE accounts; --",
  '" OR ""="',
  "\\' OR 1=1 --",
  '%',
  '_',
  'ʼ OR 1=1 --',
  "admin'/*",
  "') UNION SELECT * FROM accounts --",
  "x' AND (SELECT count(*) FROM accounts) > 0 --",
  '$where',
  '{"$gt":""}',
  '; return true',
  '\u0000',
];

/** L: parsing of requests. */
export const parsingAttacks: readonly Attack[] = [
  {
    id: 'L112',
    title: 'SQL and query operators in every text',
    source: 'ASVS 1.2.4',
    async run(target) {
      const member = await target.member();
      for (const trick of sqlTricks) {
        const encoded = encodeURIComponent(trick);
        mustAnswer(
          await target
            .actor()
            .post('/api/sign-in', { email: `v${trick}@drill.example.org`, password: 'x' }),
          [422, 401],
          `Signing in as ${trick}`,
        );
        must(
          (await target.signIn(target.actor(), member.email, trick)).status !== 200,
          `The password ${trick} signs in.`,
        );
        mustAnswer(
          await target.actor().post(`/api/challenges/${encoded}/verify`, { code: '000000' }),
          404,
          `The challenge ${trick}`,
        );
        mustAnswer(
          await target.actor().post('/api/recovery/complete', {
            challenge: trick,
            code: '000000',
            password: goodPassword,
          }),
          404,
          `The challenge ${trick}`,
        );
        mustAnswer(
          await target.actor().post('/api/account/undo', { token: trick }),
          410,
          `The token ${trick}`,
        );
        mustAnswer(
          await member.actor.send('DELETE', `/api/sessions/${encoded}`),
          404,
          `The session ${trick}`,
        );
        const { json } = await member.actor.get(`/api/account/activity?after=${encoded}`);
        must(listAt(json, 'items').length === 0, `Activity after ${trick} lists something.`);
        const mailbox = await target
          .actor()
          .get(`/sandbox/mailbox?to=${encoded}`, { Accept: 'application/json' });
        must(listAt(mailbox.json, 'items').length === 0, `The mailbox of ${trick} shows mail.`);
        if (trick === '\u0000') continue;
        const renamed = await member.actor.send('PATCH', '/api/account', { body: { name: trick } });
        must(
          textAt(renamed.json, 'user', 'name') === trick,
          `The name ${trick} became ${renamed.text}`,
        );
      }
    },
  },
  {
    id: 'L114',
    title: 'Markup in a name',
    source: 'ASVS 1.2.1, 3.2.2',
    async run(target) {
      const member = await target.member();
      for (const name of [
        '<script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        '</title><svg onload=alert(1)>',
        "javascript:alert('x')",
        '{{7*7}}${7*7}',
        '%s%n$&$`',
        '&lt;b&gt;',
      ]) {
        await member.actor.send('PATCH', '/api/account', { body: { name } });
        must(
          textAt((await member.actor.get('/api/session')).json, 'user', 'name') === name,
          `The name ${name} came back changed.`,
        );
        const page = await member.actor.get('/', { Accept: 'text/html' });
        must(
          !/<script>alert|<img src=x|<svg onload/.test(page.text),
          `The start page carries ${name} as markup.`,
        );
      }
      const stranger = await target
        .actor()
        .get('/%3Cscript%3Ealert(1)%3C/script%3E?x=<script>', { Accept: 'text/html' });
      must(
        !stranger.text.includes('<script>alert'),
        'The page of errors carries the path as markup.',
      );
      const mailbox = await target
        .actor()
        .get('/sandbox/mailbox?to=%3Cscript%3Ealert(1)%3C/script%3E', { Accept: 'text/html' });
      must(
        !mailbox.text.includes('<script>alert'),
        'The sandbox mailbox carries the address as markup.',
      );
    },
  },
  {
    id: 'L115',
    title: 'Text that a template or a format takes for its own',
    source: 'ASVS 1.3.7, 1.3.10',
    async run(target) {
      const { actor } = await target.member();
      for (const name of [
        '{{7*7}}',
        '${7*7}',
        '#{7*7}',
        '%s%n%x',
        "$& $` $' $1",
        '{0}',
        '<%= 7*7 %>',
        '\\u0041\\n',
      ]) {
        await actor.send('PATCH', '/api/account', { body: { name } });
        must(
          textAt((await actor.get('/api/session')).json, 'user', 'name') === name,
          `The name ${name} came back changed.`,
        );
        const { text } = await actor.get('/', { Accept: 'text/html' });
        const plain = text
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&#x27;', "'")
          .replaceAll('&amp;', '&');
        must(plain.includes(name), `The start page shows the name ${name} otherwise.`);
      }
    },
  },
  {
    id: 'L116',
    title: 'Prototypes',
    source: 'ASVS 15.3.6; CVE-2019-10744',
    async run(target) {
      const member = await target.member();
      for (const [path, body] of Object.entries(strangersBodies)) {
        for (const poison of [
          '"__proto__":{"operator":true}',
          '"constructor":{"prototype":{"operator":true}}',
          '"prototype":{"operator":true}',
          '"toString":1',
          '"hasOwnProperty":1',
        ]) {
          const reply = await target
            .actor()
            .post(path, `{${poison},${JSON.stringify(body).slice(1)}`);
          must(reply.status === 422, `${path} with ${poison} was answered ${reply.status}.`);
        }
      }
      await member.actor.get(
        '/api/sessions?__proto__[limit]=1&constructor.prototype.limit=1&__proto__=1',
      );
      const { text } = await member.actor.get('/api/session');
      must(text.includes('"operator":false'), 'A stranger became the operator.');
      must((await target.actor().get('/api/session')).status === 401, 'A stranger was signed in.');
    },
  },
  {
    id: 'L117',
    title: 'JSON that is none, or odd',
    source: 'ASVS 2.2.1, 1.5.3',
    async run(target) {
      for (const odd of [
        '{',
        '[',
        '',
        ' ',
        '{"a":NaN}',
        '{"a":Infinity}',
        "{'a':1}",
        '{"a":1,}',
        '{"a":01}',
        '\ufeff{}',
        '{}{}',
        '{"a":"\u0001"}',
        '{"a":"\\x"}',
        'undefined',
        '{a:1}',
        '/**/{}',
      ])
        await toEach(target, odd, [400, 422]);
      for (const notAnObject of [
        'null',
        '[]',
        '"text"',
        '5',
        'true',
        '1e999',
        '-0',
        '[[[]]]',
        '"\\ud800"',
      ])
        await toEach(target, notAnObject, [422]);
      for (const encoded of [
        Buffer.from('{"email":"a@b.org"}', 'utf16le'),
        Buffer.from([0xff, 0xfe, 0x7b, 0x7d]),
        Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]),
        Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]),
      ])
        await toEach(target, encoded, [400]);
      for (const [path, body] of Object.entries(strangersBodies)) {
        for (const field of Object.keys(body)) {
          for (const value of [
            '\ud800',
            '\u0000',
            'x'.repeat(60_000),
            '9'.repeat(400),
            '\u202e',
            '🧨'.repeat(9_000),
          ]) {
            const reply = await target.actor().post(path, { ...body, [field]: value });
            must(
              [401, 404, 410, 422, 413].includes(reply.status),
              `${path} with ${field} = ${JSON.stringify(value).slice(0, 20)}… was answered ${reply.status}.`,
            );
          }
        }
      }
    },
  },
  {
    id: 'L118',
    title: 'The same parameter twice',
    source: 'ASVS 15.3.7',
    async run(target) {
      const [member, other] = [await target.member(), await target.member()];
      const body = `{"email":"${other.email}","password":"x","email":"${member.email}","password":"${member.password}"}`;
      const reply = await member.actor.post('/api/sign-in', body);
      must(
        reply.status !== 200 || textAt(reply.json, 'user', 'id') === member.id,
        'The address of one and the password of another sign in.',
      );
      for (const query of [
        'limit=1&limit=100',
        'limit=100&limit=1',
        'limit[]=1',
        'limit=1%26limit=2',
      ]) {
        const { status, json } = await member.actor.get(`/api/sessions?${query}`);
        must(
          [200, 422].includes(status) && (status === 422 || listAt(json, 'items').length <= 100),
          `?${query} was answered ${status}.`,
        );
      }
      mustAnswer(
        await target
          .actor()
          .post(
            `/api/sign-in?email=${member.email}&password=${encodeURIComponent(member.password)}`,
            {},
          ),
        422,
        'Credentials in the address',
      );
    },
  },
  {
    id: 'L119',
    title: 'Files that were not built to be served',
    source: 'CVE-2026-29087, CVE-2026-39406; ASVS 13.4.7',
    async run(target) {
      const climbs = [
        '..',
        '%2e%2e',
        '..%2f..',
        '....//',
        '%2e%2e%2f%2e%2e',
        '%252e%252e',
        '..%5c..',
        '..%00',
        '%c0%ae%c0%ae',
        '..;',
        '.%2e',
        '%uff0e%uff0e',
      ];
      const wanted = ['package.json', 'data/flowcept.db', '.env', 'etc/passwd', 'flowcept.keys'];
      const plain = [
        '/.env',
        '/.git/config',
        '/package.json',
        '/security.md',
        '/index.html',
        '/.vite/manifest.json',
        '/assets',
        '/assets/',
        '/assets/index.js.map',
        '/node_modules/hono/package.json',
        '/src/app.ts',
        '/dist/',
        '/%00',
        '/assets/%00',
        '/__proto__',
        '/constructor',
        '/favicon.svg/',
        '/favicon.svg%00.html',
      ];
      const paths = [
        ...plain,
        ...climbs.flatMap((climb) =>
          wanted.flatMap((file) => [
            `/${climb}/${file}`,
            `/assets/${climb}/${climb}/${climb}/${file}`,
          ]),
        ),
      ];
      await fewAtATime(paths, 8, async (path) => {
        const reply = await target.actor().get(path);
        must(
          [404, 400].includes(reply.status),
          `${path} was answered ${reply.status}: ${reply.text.slice(0, 60)}`,
        );
      });
    },
  },
  {
    id: 'L120',
    title: 'A path that the guard reads otherwise than the router',
    source: 'CVE-2026-47676; GHSA-x732-6j76-qmhm',
    async run(target) {
      const guarded = ['/api/session', '/api/sessions', '/api/account/activity'];
      const bent = (path: string) => [
        path.replace('/api', '//api'),
        `${path}/`,
        path.replace('api', '%61pi'),
        path.toUpperCase(),
        path.replace('/s', '/./s'),
        `/x/..${path}`,
        `${path}%2f`,
        `${path}?`,
        `${path}#`,
        path.replace('session', 'sess%69on'),
        path.replaceAll('/', '%2f'),
        `${path};x=y`,
        `${path}%20`,
        `${path}.json`,
        `/%2e${path}`,
      ];
      for (const path of guarded.flatMap(bent))
        must(
          [401, 404, 400].includes((await target.actor().get(path)).status),
          `${path} is open to strangers.`,
        );
      for (const path of [
        '//sandbox/mailbox',
        '/sandbox//mailbox',
        '/sandbox/mailbox/',
        '/%73andbox/mailbox',
        '/sandbox%2fmailbox',
        '/sandbox/mailbox',
      ]) {
        const reply = await target.actor().get(path, { 'X-Forwarded-For': '203.0.113.9' });
        must([404, 400].includes(reply.status), `${path} shows mail to a caller behind a proxy.`);
      }
    },
  },
  {
    id: 'L121',
    title: 'Requests that two servers would read differently',
    source: 'ASVS 4.2.1; RFC 9112 §6.3',
    async run(target) {
      const { host } = target.origin;
      const post = 'POST /api/recovery HTTP/1.1';
      const hidden = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
      const shapes: [string, string][] = [
        [
          'length and chunks',
          `${post}\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
        ],
        [
          'two lengths',
          `${post}\r\nHost: ${host}\r\nContent-Length: 0\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
        ],
        ['a length with a sign', `${post}\r\nHost: ${host}\r\nContent-Length: +0\r\n\r\n${hidden}`],
        [
          'chunks by another spelling',
          `${post}\r\nHost: ${host}\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${hidden}`,
        ],
        [
          'chunks twice',
          `${post}\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${hidden}`,
        ],
        [
          'a space before the colon',
          `${post}\r\nHost: ${host}\r\nContent-Length : 5\r\n\r\nhello${hidden}`,
        ],
        ['bare line feeds', `${post}\nHost: ${host}\nContent-Length: 0\n\n${hidden}`],
        [
          'a folded header',
          `${post}\r\nHost: ${host}\r\nX: a\r\n Content-Length: 5\r\n\r\n${hidden}`,
        ],
        ['no host', `GET / HTTP/1.1\r\n\r\n`],
        ['two hosts', `GET / HTTP/1.1\r\nHost: ${host}\r\nHost: ${host}\r\n\r\n`],
        ['a host with a space', `GET / HTTP/1.1\r\nHost: ${host} evil.test\r\n\r\n`],
        [
          'a bad chunk size',
          `${post}\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n`,
        ],
        ['a NUL in a header', `GET / HTTP/1.1\r\nHost: ${host}\r\nX: a\u0000b\r\n\r\n`],
      ];
      for (const [what, bytes] of shapes) {
        const { text, closed } = await target.raw(bytes, { wait: 2_000 });
        const answers = text.match(/HTTP\/1\.1 \d{3}/g) ?? [];
        must(
          answers.length <= 1 &&
            text.startsWith('HTTP/1.1 4') &&
            (closed || !bytes.includes(hidden)),
          `${what}: ${closed ? 'closed' : 'left open'} after ${answers.join(', ') || 'nothing'}.`,
        );
      }
    },
  },
  {
    id: 'L122',
    title: 'Line breaks on their way into a header of an answer',
    source: 'ASVS 4.2.4',
    async run(target) {
      const { email, password } = await target.member();
      const split = '%0d%0aSet-Cookie:%20evil=1%0d%0a%0d%0a<script>';
      for (const path of [
        `/${split}`,
        `/sign-in?to=${split}`,
        `/api/${split}`,
        `/security/claims/${split}`,
        `/sandbox/mailbox?to=${split}`,
        `/api/challenges/${split}/verify`,
        `/assets/${split}`,
      ]) {
        const reply = await target.actor().get(path);
        must(
          reply.setCookies.length === 0 && reply.headers['location'] === undefined,
          `${path} sets ${reply.setCookies.join()}.`,
        );
      }
      for (const userAgent of ['\u00ff\u00fe', 'x'.repeat(8_000), '%0d%0aevil', ' ']) {
        const actor = target.actor();
        mustAnswer(
          await actor.send('POST', '/api/sign-in', {
            body: { email, password },
            headers: { 'User-Agent': userAgent },
          }),
          200,
          `Signing in with the browser ${userAgent.slice(0, 10)}`,
        );
      }
    },
  },
  {
    id: 'L125',
    title: 'Text that keeps a pattern busy',
    source: 'ASVS 1.3.12; CVE-2022-25883',
    alone: true,
    async run(target) {
      const { email, password } = await target.member();
      const long = [
        'a'.repeat(50_000),
        'a.'.repeat(25_000),
        ' '.repeat(50_000),
        '\t'.repeat(50_000),
        'a@'.repeat(25_000),
        '1'.repeat(50_000),
        '((((('.repeat(10_000),
        '-'.repeat(50_000),
      ];
      const idle = await target.actor().post('/api/recovery', { email: 'x' });
      const allowed = 500 + 5 * idle.milliseconds;
      for (const text of long) {
        for (const [path, body] of Object.entries(strangersBodies)) {
          for (const field of Object.keys(body)) {
            if (field === 'password' && path === '/api/sign-in') continue;
            const reply = await target.actor().post(path, { ...body, [field]: text });
            must(
              reply.milliseconds < allowed && reply.status < 500,
              `${path} took ${reply.milliseconds.toFixed(0)} ms for ${field} = ${text.slice(0, 8)}…`,
            );
          }
        }
      }
      for (const text of [
        'mac os x 1_1',
        'version/1.',
        'android 1.',
        'windows nt 1.',
        '/ ',
        ' (',
        'mozilla/5.0 ',
        'chrome/1.',
      ]) {
        const actor = target.actor();
        const reply = await actor.send('POST', '/api/sign-in', {
          body: { email, password },
          headers: { 'User-Agent': text.repeat(600).slice(0, 7_000) },
        });
        must(
          reply.milliseconds < allowed + 1_000,
          `Signing in took ${reply.milliseconds.toFixed(0)} ms with a browser called ${text}…`,
        );
      }
    },
  },
  {
    id: 'L126',
    title: 'Ids of every form',
    source: 'CVE-2024-53900, CVE-2025-23061',
    async run(target) {
      const { actor } = await target.member();
      const ids = [
        '$where',
        '507f1f77bcf86cd799439011',
        'zzzzzzzzzzzzzzzzzzzzzzzz',
        '-1',
        '0',
        'null',
        '%00',
        '%ff',
        '%ed%a0%80',
        '__proto__',
        'constructor',
        'a'.repeat(14_000),
        '..',
        '%2e%2e',
        '%F0%9F%A6%89',
        '[object%20Object]',
        '{"$ne":null}',
        '*',
      ];
      for (const id of ids) {
        for (const [method, path, body] of [
          ['DELETE', `/api/sessions/${id}`, undefined],
          ['POST', `/api/challenges/${id}/verify`, { code: '000000' }],
          ['POST', `/api/challenges/${id}/resend`, undefined],
          ['GET', `/security/claims/${id}`, undefined],
        ] as const) {
          const reply = await (method === 'DELETE' ? actor : target.actor()).send(method, path, {
            body,
          });
          must(
            [404, 400].includes(reply.status),
            `${method} ${path.slice(0, 60)} was answered ${reply.status}.`,
          );
        }
      }
      for (const query of [
        'sort=-password',
        'select=%2Bhash',
        'populate=account',
        '$where=1',
        'filter[$ne]=1',
      ]) {
        const reply = await actor.get(`/api/sessions?${query}`);
        must(!/hash/i.test(reply.text), `?${query} shows ${reply.text.slice(0, 100)}`);
      }
    },
  },
  {
    id: 'L127',
    title: 'Answers that say more than they should',
    source: 'ASVS 15.3.1',
    async run(target) {
      const { actor } = await target.member();
      const paths = (await target.routes())
        .filter(({ method, path }) => method === 'GET' && !path.includes('{'))
        .map(({ path }) => path);
      for (const path of paths) {
        const { json } = await actor.get(path);
        const secret = keysIn(json).filter((key) =>
          /^(_id|__v|v|passwordHash|tokenHash|codeHash|hash|token|secret|password|pepper|idle|subjectId)$/.test(
            key,
          ),
        );
        must(secret.length === 0, `${path} shows ${secret.join(', ')}.`);
      }
      const refused = await target.actor().post('/api/sign-in', '{', {});
      must(
        !/at .*\.(ts|js)|node_modules|SyntaxError|stack/.test(refused.text),
        `An error shows ${refused.text}`,
      );
    },
  },
  {
    id: 'L128',
    title: 'JSON that a browser takes for a page',
    source: 'ASVS 4.1.1, 3.2.1',
    async run(target) {
      const { actor } = await target.member();
      for (const path of [
        '/api/session',
        '/api/deployment',
        '/api/nothing',
        '/openapi.json',
        '/healthz',
        '/sandbox/mailbox',
      ]) {
        for (const accept of ['application/json', '*/*']) {
          const { headers } = await actor.get(path, { Accept: accept });
          must(
            /^application\/(problem\+)?json/.test(String(headers['content-type'])),
            `${path} is ${headers['content-type']}.`,
          );
          must(
            headers['x-content-type-options'] === 'nosniff' &&
              /sandbox/.test(String(headers['content-security-policy'])),
            `${path} could be taken for a page.`,
          );
        }
      }
    },
  },
  {
    id: 'L201',
    title: 'A browser that calls itself a message to the victim',
    source: 'our own: what a user typed, in an email that we send',
    async run(target) {
      const member = await target.member();
      const lure = 'Your account is closed. Go to https://evil.test/unlock now/1 ';
      for (const userAgent of [
        lure,
        `Evil\u00a0Co.: call +1 555 0100/1 x`,
        `${'A'.repeat(400)}/1 x`,
      ]) {
        const actor = target.actor();
        await actor.send('POST', '/api/sign-in', {
          body: { email: member.email, password: member.password },
          headers: { 'User-Agent': userAgent },
        });
      }
      const mails = await target.mailTo(member.email);
      for (const { text, html } of mails) {
        const foreign = linksIn(text + html).filter(
          (link) => !link.startsWith(target.origin.origin),
        );
        must(foreign.length === 0, `A notice to the victim links to ${foreign.join(', ')}.`);
        must(
          !/account is closed|555 0100|A{100}/.test(text + html),
          'A notice carries what the attacker’s browser called itself.',
        );
      }
      const { text } = await member.actor.get('/api/sessions');
      must(
        !/account is closed|555 0100|A{100}/.test(text),
        'The list of sessions carries what a browser called itself.',
      );
    },
  },
];
