import { describe, expect, it } from 'vitest';
import { deployed } from '../../test/deployment.ts';
import { onBothStores } from '../../test/on-both-stores.ts';
import { goodPassword } from '../../test/visitor.ts';
import { pages, screens } from '../api/screens.ts';
import { clientAddress, isLoopbackAddress, networkOf } from './client-address.ts';
import { checkHost } from './host-check.ts';

onBothStores('the HTTP edge', (database) => {
  const deployment = deployed(database);
  const visitor = () => deployment().visitor();
  const signUp = { email: 'edge@example.org', password: goodPassword, name: 'Ada' };

  it('rejects cross-site requests, whatever their form', async () => {
    const { config } = deployment();
    const foreign: Record<string, string>[] = [
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { 'Sec-Fetch-Site': 'none' },
      { 'Sec-Fetch-Site': 'cross-site', Origin: config.origin },
    ];
    for (const headers of foreign) {
      const { status, body } = await visitor().post('/api/sign-up', signUp, headers);
      expect([headers, status, body.type]).toEqual([headers, 403, '/problems/cross-site-request']);
    }
  });

  it('falls back to Origin in older browsers, and to the absence of cookies without Origin', async () => {
    const { app, config } = deployment();
    const send = async (headers: Record<string, string>) =>
      (
        await app(
          new Request(`${config.origin}/api/sign-out`, {
            method: 'POST',
            headers: { Host: config.publicUrl.host, ...headers },
          }),
          { address: '127.0.0.1', httpVersion: '1.1' },
        )
      ).status;
    expect(await send({ Origin: config.origin })).toBe(204);
    for (const origin of [
      'https://evil.test',
      'null',
      `${config.origin}.evil.test`,
      'http://localhost:3001',
      'https://localhost:3000',
    ]) {
      expect(await send({ Origin: origin })).toBe(403);
    }
    expect(await send({})).toBe(204);
    expect(await send({ Cookie: 'flowcept=x' })).toBe(403);
  });

  it('answers every change with the headers that its decision depends on', async () => {
    for (const answer of [
      await visitor().post('/api/sign-out'),
      await visitor().post('/api/sign-in', {}, { 'Sec-Fetch-Site': 'cross-site' }),
    ]) {
      expect([answer.status, answer.headers.get('vary')]).toEqual([
        answer.status,
        'Sec-Fetch-Site, Origin',
      ]);
    }
    expect((await visitor().get('/api/deployment')).headers.get('vary')).toBeNull();
  });

  it('accepts JSON only', async () => {
    const body = JSON.stringify(signUp);
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain; application/json',
      'application/jsonp',
    ]) {
      const answer = await visitor().post('/api/sign-up', body, { 'Content-Type': type });
      expect([type, answer.status, answer.body.type]).toEqual([type, 415, '/problems/not-json']);
    }
    for (const malformed of ['{', '\ufeff{}', '{"a":NaN}', '[1,']) {
      expect((await visitor().post('/api/sign-up', malformed)).body.type).toBe(
        '/problems/malformed',
      );
    }
    for (const notAnObject of ['null', '[]', '"x"', '5'])
      expect((await visitor().post('/api/sign-up', notAnObject)).status).toBe(422);
    expect(
      (await visitor().post('/api/sign-up', { ...signUp, name: 'x'.repeat(70_000) })).status,
    ).toBe(413);
  });

  it('rejects unknown fields and changes nothing', async () => {
    const { status, body } = await visitor().post('/api/sign-up', {
      ...signUp,
      role: 'admin',
      isAdmin: true,
      __proto__: {},
      $set: {},
    });
    expect(status).toBe(422);
    expect(body.errors.map(({ path }: { path: string }) => path)).toEqual(
      expect.arrayContaining(['role', 'isAdmin', '$set']),
    );
    const operators = { email: { $gt: '' }, password: { $ne: 1 } };
    expect(
      (await visitor().post('/api/sign-in', operators)).body.errors.map(
        ({ path }: { path: string }) => path,
      ),
    ).toEqual(['email', 'password']);
    expect(await deployment().services.store.findAccountByEmail(signUp.email)).toBeNull();
  });

  it('every problem has a request ID that the log has once, with the cause, which no answer contains', async () => {
    const { status, body } = await visitor().post('/api/sign-in', '{', {});
    expect(status).toBe(400);
    expect(body).toEqual({
      type: '/problems/malformed',
      title: expect.any(String),
      status: 400,
      detail: expect.any(String),
      reference: expect.any(String),
    });
    const lines = deployment()
      .logLines()
      .filter((line) => line.includes(body.reference));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      problem: 'malformed',
      path: '/api/sign-in',
      cause: { name: 'SyntaxError' },
    });
  });

  it('serves its own host only, and names it', async () => {
    const answer = await visitor().get('/api/session', { Host: 'evil.test' });
    expect([answer.status, answer.body.type, answer.body.asked]).toEqual([
      421,
      '/problems/wrong-host',
      'evil.test',
    ]);
    const page = await visitor().get('/', { Host: '127.0.0.1:3000', Accept: 'text/html' });
    expect([page.status, page.body]).toEqual([
      421,
      expect.stringMatching(/127\.0\.0\.1:3000[^]*localhost:3000/),
    ]);
    expect((await visitor().get('/healthz', { Host: 'probe' })).status).toBe(200);
    expect((await visitor().get('/readyz', { Host: 'probe' })).status).toBe(200);
  });

  it('sets the security headers on every answer', async () => {
    const paths = [
      '/',
      '/security',
      '/sign-in',
      '/api/session',
      '/api/nothing',
      '/nothing',
      '/healthz',
      '/openapi.json',
      '/trusted-types.js',
      '/sandbox/mailbox',
    ];
    for (const path of paths) {
      for (const accept of ['text/html', 'application/json']) {
        const { headers } = await visitor().get(path, { Accept: accept });
        expect(headers.get('x-content-type-options'), path).toBe('nosniff');
        expect(headers.get('referrer-policy'), path).toBe('no-referrer');
        expect(headers.get('cross-origin-opener-policy'), path).toBe('same-origin');
        expect(headers.get('x-frame-options'), path).toBe('DENY');
        expect(headers.get('content-security-policy'), path).toMatch(/frame-ancestors 'none'/);
        expect(headers.get('content-security-policy'), path).not.toContain('unsafe');
        expect(headers.get('strict-transport-security'), path).toBeNull();
        expect(headers.get('access-control-allow-origin'), path).toBeNull();
        if (path.startsWith('/api')) expect(headers.get('cache-control'), path).toBe('no-store');
      }
    }
  });

  it('accepts one spelling of each path', async () => {
    for (const path of [
      '//api/session',
      '/api/session/',
      '/API/session',
      '/api//session',
      '/api/session/x.js',
      '/api/session;.css',
    ]) {
      expect((await visitor().get(path)).status, path).toBe(404);
    }
    expect(
      (await visitor().post('/api/session', undefined, { 'X-HTTP-Method-Override': 'DELETE' }))
        .status,
    ).toBe(405);
  });

  it('answers a method that a path does not support with those that it does, to every caller', async () => {
    const [, asset = ''] =
      /src="(\/assets\/[^"]+\.js)"/.exec((await visitor().get('/home')).body) ?? [];
    const paths: [string, string][] = [
      ['/api/sign-in', 'POST'],
      ['/api/sessions/abc', 'DELETE'],
      ['/api/account', 'PATCH, DELETE'],
      ['/api/session', 'GET, HEAD'],
      ['/', 'GET, HEAD'],
      ['/home', 'GET, HEAD'],
      ['/healthz', 'GET, HEAD'],
      ['/security/run', 'GET, HEAD, POST'],
      [asset, 'GET, HEAD'],
    ];
    for (const [path, allowed] of paths) {
      for (const method of ['PUT', 'OPTIONS', 'TRACE', 'PROPFIND']) {
        const { app, config } = deployment();
        const request = new Request(`${config.origin}${path}`, {
          headers: { Host: config.publicUrl.host, 'Sec-Fetch-Site': 'cross-site' },
        });
        Object.defineProperty(request, 'method', { value: method });
        const answer = await app(request, { address: '127.0.0.1', httpVersion: '1.1' });
        expect([method, path, answer.status, answer.headers.get('allow')]).toEqual([
          method,
          path,
          405,
          allowed,
        ]);
        expect(await answer.json()).toMatchObject({ type: '/problems/method-not-allowed' });
      }
    }
    const mailbox = await visitor().send('PUT', '/sandbox/mailbox');
    expect([mailbox.status, mailbox.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    const unknown = await visitor().send('PUT', '/api/nothing');
    expect([unknown.status, unknown.headers.get('allow')]).toEqual([404, null]);
  });

  it('names in each 401 how a request can show who it is from', async () => {
    const credentials = { email: 'nobody@example.org', password: goodPassword };
    for (const answer of [
      await visitor().get('/api/session'),
      await visitor().get('/api/session', { Authorization: 'Bearer wrong' }),
      await visitor().post('/api/trust/run', undefined, { Authorization: 'Bearer wrong' }),
      await visitor().post('/api/sign-in', credentials),
    ])
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
        401,
        'Bearer realm="flowcept"',
      ]);
  });

  it('leaves the HTTP cache, which has nothing personal, when it clears the data of a browser', async () => {
    const { status, headers } = await visitor().post('/api/sign-out');
    expect([status, headers.get('clear-site-data')]).toEqual([204, '"storage"']);
  });

  it('reads a + in the query of the sandbox mailbox as typed', async () => {
    const email = 'ada+work@example.org';
    await visitor().post('/api/sign-up', { ...signUp, email });
    for (const query of ['ada+work@example.org', 'ada%2Bwork%40example.org']) {
      const { body } = await visitor().get(`/sandbox/mailbox?to=${query}`);
      expect(body.items.map(({ to }: { to: string }) => to)).toEqual([email]);
    }
  });

  it('serves every screen and page that signing in can lead to', async () => {
    for (const path of [...screens, ...pages].map((one) =>
      one.replace(':claim', 'tls').replace(':name', 'gone'),
    )) {
      const { status } = await visitor().get(path, { Accept: 'text/html' });
      expect([path, status]).toEqual([path, path === '/security/run' ? 303 : 200]);
    }
  });

  it('serves only built files', async () => {
    for (const path of [
      '/package.json',
      '/..%2fpackage.json',
      '/%2e%2e/package.json',
      '/.env',
      '/.git/config',
      '/.vite/manifest.json',
      '/index.html',
      '/assets/',
      '/assets/../../../package.json',
    ]) {
      expect((await visitor().get(path)).status, path).toBe(404);
    }
  });

  it('counts the sign-ups of a network, whatever addresses its headers claim', async () => {
    const one = visitor();
    const statuses = [];
    for (let count = 0; count < 11; count += 1) {
      const claimed = {
        'X-Forwarded-For': `203.0.113.${count}`,
        'X-Real-IP': `203.0.113.${count}`,
        Forwarded: `for=203.0.113.${count}`,
      };
      statuses.push(
        (await one.post('/api/sign-up', { ...signUp, email: `flood${count}@example.org` }, claimed))
          .status,
      );
    }
    expect(statuses).toEqual([...Array(10).fill(202), 429]);
  });

  it('shows the sandbox mailbox to this machine only, and not through a proxy', async () => {
    expect((await visitor().get('/sandbox/mailbox')).status).toBe(200);
    expect((await deployment().visitor('203.0.113.7').get('/sandbox/mailbox')).status).toBe(404);
    for (const name of ['X-Forwarded-For', 'x_forwarded_for', 'Via', 'CF-Connecting-IP'])
      expect((await visitor().get('/sandbox/mailbox', { [name]: '127.0.0.1' })).status, name).toBe(
        404,
      );
    const { app, config } = deployment();
    for (const [httpVersion, status] of [
      ['0.9', 404],
      ['1.0', 404],
      ['1.1', 200],
      ['2.0', 200],
    ] as const) {
      const answer = await app(
        new Request(`${config.origin}/sandbox/mailbox`, {
          headers: { Host: config.publicUrl.host },
        }),
        { address: '127.0.0.1', httpVersion },
      );
      expect([httpVersion, answer.status]).toEqual([httpVersion, status]);
    }
  });

  it('refuses a sandbox page with a problem and a request ID, like any path', async () => {
    const { app, config } = deployment();
    const peers = { 'from elsewhere': '203.0.113.7', 'from this machine': '127.0.0.1' };
    for (const [name, address] of Object.entries(peers)) {
      const answer = await app(
        new Request(`${config.origin}/sandbox/nothing-is-here`, {
          headers: { Host: config.publicUrl.host },
        }),
        { address, httpVersion: '1.1' },
      );
      expect([name, answer.status]).toEqual([name, 404]);
      expect(answer.headers.get('Content-Type'), name).toBe('application/problem+json');
      expect(await answer.json(), name).toMatchObject({ reference: expect.any(String) });
    }
  });

  it('warns of forwarded requests for sandbox pages, at most once a minute', async () => {
    const { clock, logLines } = deployment();
    const warnings = () => logLines().filter((line) => line.includes('came through a proxy'));
    clock.move(60_000);
    const before = warnings().length;
    for (let count = 0; count < 5; count += 1)
      await visitor().get('/sandbox/mailbox', { Via: '1.1 evil', 'X-Secret': 'canary' });
    expect(warnings().length).toBe(before + 1);
    expect(JSON.parse(warnings().at(-1) ?? '')).toMatchObject({ level: 40, because: 'via' });
    expect(warnings().at(-1)).not.toMatch(/canary|1\.1 evil/);
    clock.move(60_000);
    await visitor().get('/sandbox/mailbox', { 'X-Real-IP': '' });
    expect(warnings().length).toBe(before + 2);
  });

  it('describes all its endpoints', async () => {
    const { body } = await visitor().get('/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths)).toEqual(
      expect.arrayContaining([
        '/api/sign-up',
        '/api/challenges/{id}/verify',
        '/api/sessions/{id}',
        '/api/trust',
      ]),
    );
    expect(
      body.paths['/api/sign-up'].post.requestBody.content['application/json'].schema,
    ).toMatchObject({ additionalProperties: false, required: ['email', 'password', 'name'] });
    expect((await visitor().get('/docs', { Accept: 'text/html' })).body).toContain('/api/sign-up');
  });
});

describe('a client’s address', () => {
  it('is the socket’s, or what the trusted proxies report, counted from the right', () => {
    expect(clientAddress('10.0.0.1', '1.1.1.1, 2.2.2.2', 0)).toBe('10.0.0.1');
    expect(clientAddress('10.0.0.1', '1.1.1.1, 2.2.2.2', 1)).toBe('2.2.2.2');
    expect(clientAddress('10.0.0.1', '1.1.1.1, 2.2.2.2', 2)).toBe('1.1.1.1');
    for (const evil of ['evil', 'evil:80', '[evil]:80', '1.1.1.1:', ':80', '1.1.1.1:80:80', ''])
      expect(clientAddress('10.0.0.1', evil, 1), evil).toBe('10.0.0.1');
    expect(clientAddress('::ffff:10.0.0.1', null, 1)).toBe('10.0.0.1');
    expect(clientAddress('::ffff:a00:1', null, 0)).toBe('10.0.0.1');
  });

  it('may have a port, and brackets around IPv6', () => {
    for (const [said, address] of [
      ['203.0.113.7:51000', '203.0.113.7'],
      ['[2001:db8::7]:443', '2001:db8::7'],
      ['[2001:db8::7]', '2001:db8::7'],
      ['2001:db8::7', '2001:db8::7'],
      ['2001:db8::7:51000', '2001:db8::7'],
      ['2001:db8:0:0:0:0:0:7:443', '2001:db8:0:0:0:0:0:7'],
      ['[::ffff:203.0.113.7]:443', '203.0.113.7'],
    ] as const)
      expect(clientAddress('10.0.0.1', `198.51.100.1, ${said}`, 1), said).toBe(address);
  });

  it('counts as its /64 for IPv6', () => {
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
    expect(networkOf('2001:0db8:1:2::9')).toBe(networkOf('2001:db8:1:2:ffff::1'));
    expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0::/64');
    expect(networkOf('::1')).toBe('0:0:0:0::/64');
    expect(networkOf('192.0.2.7')).toBe('192.0.2.7');
  });

  it('is recognised as this machine’s or not', () => {
    expect(['127.0.0.1', '127.9.8.7', '::1', '::ffff:127.0.0.1'].map(isLoopbackAddress)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['10.0.0.1', '203.0.113.7', '', 'localhost'].map(isLoopbackAddress)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('a host', () => {
  const passes = (origin: string, headers: Record<string, string>) => {
    const request = new Request('http://127.0.0.1/', { headers });
    try {
      checkHost(request, {
        publicUrl: new URL(origin),
        trustProxy: 'X-Forwarded-Host' in headers ? 1 : 0,
      });
      return true;
    } catch {
      return false;
    }
  };

  it('with the default port of the scheme is the host without one, also from a proxy', () => {
    for (const name of ['Host', 'X-Forwarded-Host']) {
      const names = (origin: string, host: string) => passes(origin, { [name]: host });
      expect(names('https://example.org', 'Example.org:443')).toBe(true);
      expect(names('http://localhost', 'localhost:80')).toBe(true);
      expect(names('http://[::1]', '[::1]:80')).toBe(true);
      expect(names('https://example.org', 'example.org:80')).toBe(false);
      expect(names('http://localhost', 'localhost:443')).toBe(false);
      expect(names('http://localhost:3000', 'localhost')).toBe(false);
      expect(names('https://example.org', 'example.org:4430')).toBe(false);
      expect(names('https://example.org', 'example.org:443:443')).toBe(false);
    }
  });
});
