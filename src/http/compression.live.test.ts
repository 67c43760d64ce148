import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it, test } from 'vitest';
import { deployed } from '../../test/deployment.ts';
import { temporaryDirectory } from '../../test/temporary-directory.ts';
import { goodPassword, type Visitor } from '../../test/visitor.ts';
import { offerClaim } from '../accounts/claim-operator.ts';
import { endpointsOf } from '../app.ts';

/** Everything that may be compressed, because it contains no secret: docs/decisions/016. */
const compressed = [
  '/',
  '/security',
  '/security/claims/session-cookies',
  '/docs',
  '/openapi.json',
  '/problems',
  '/problems/not-found',
  '/sign-in',
  '/account',
  '/operator',
  '/api/trust',
  '/.well-known/flowcept-evidence.jws',
  '/.well-known/flowcept-evidence.schema.json',
];
/** The same, but empty or still small. */
const small = ['/trusted-types.js', '/.well-known/jwks.json', '/api/trust/history'];

const decoders = { br: brotliDecompressSync, gzip: gunzipSync };

describe('what is sent', () => {
  const deployment = deployed(
    async () => ({ kind: 'libsql', path: `${await temporaryDirectory()}/flowcept.db` }),
    { PORT: '1', RATE_LIMITS: 'off' },
  );
  const get = async (
    visitor: Visitor,
    path: string,
    headers: Record<string, string> = {},
    method = 'GET',
  ) => {
    const answer = await visitor.open(method, path, undefined, headers);
    return {
      status: answer.status,
      headers: answer.headers,
      bytes: Buffer.from(await answer.arrayBuffer()),
    };
  };
  const stranger = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    get(deployment().visitor(), path, headers, method);
  async function operator(): Promise<Visitor> {
    const visitor = deployment().visitor();
    const token = (await offerClaim(deployment().services)).split('token=')[1];
    expect(
      (
        await visitor.post('/api/operators/claim', {
          token,
          email: 'op@example.com',
          password: goodPassword,
          name: 'Olga Operator',
        })
      ).status,
    ).toBe(201);
    return visitor;
  }

  describe.each(compressed)('of %s', (path) => {
    test.each(['br', 'gzip'] as const)(
      'is the same after decoding %s, and smaller',
      async (encoding) => {
        const plain = await stranger(path);
        expect([plain.status, plain.headers.get('content-encoding')]).toEqual([200, null]);
        const sent = await stranger(path, { 'Accept-Encoding': encoding });
        expect([
          sent.status,
          sent.headers.get('content-encoding'),
          sent.headers.get('content-length'),
        ]).toEqual([200, encoding, String(sent.bytes.length)]);
        expect(sent.bytes.length).toBeLessThan(plain.bytes.length);
        expect(decoders[encoding](sent.bytes).toString()).toBe(plain.bytes.toString());
        expect(sent.headers.get('content-type')).toBe(plain.headers.get('content-type'));
      },
    );

    it('depends on Accept-Encoding, and says so to caches', async () => {
      for (const [accepted, encoding] of [
        ['gzip, deflate, br', 'br'],
        ['br;q=0.2, gzip;q=0.8', 'gzip'],
        ['br;q=0, gzip;q=0', null],
        ['identity', null],
        ['deflate, zstd', null],
        ['*', 'br'],
      ] as const) {
        const { headers } = await stranger(path, { 'Accept-Encoding': accepted });
        expect([accepted, headers.get('content-encoding')]).toEqual([accepted, encoding]);
        expect(headers.get('vary')).toMatch(/\bAccept-Encoding\b/);
      }
    });

    it('has an entity tag for each encoding, and is not sent again to a client that has that one', async () => {
      const forms = await Promise.all(
        ['identity', 'gzip', 'br'].map(async (accepted) => ({
          accepted,
          tag: (await stranger(path, { 'Accept-Encoding': accepted })).headers.get('etag') ?? '',
        })),
      );
      expect(new Set(forms.map(({ tag }) => tag)).size).toBe(3);
      for (const { accepted, tag } of forms) {
        for (const other of forms) {
          const { status, bytes, headers } = await stranger(path, {
            'Accept-Encoding': other.accepted,
            'If-None-Match': `"x", W/${tag}`,
          });
          expect(status).toBe(other.accepted === accepted ? 304 : 200);
          if (status === 304)
            expect([bytes.length, headers.get('etag'), headers.get('content-encoding')]).toEqual([
              0,
              tag,
              null,
            ]);
        }
      }
    });

    it('has the length that HEAD says, and is never part of one encoding under the name of another', async () => {
      const whole = await stranger(path, { 'Accept-Encoding': 'br' });
      const head = await stranger(path, { 'Accept-Encoding': 'br' }, 'HEAD');
      expect([
        head.status,
        head.bytes.length,
        head.headers.get('content-encoding'),
        head.headers.get('content-length'),
      ]).toEqual([200, 0, 'br', String(whole.bytes.length)]);
      const part = await stranger(path, { 'Accept-Encoding': 'br', Range: 'bytes=0-9' });
      expect([part.status, part.headers.get('content-range'), part.bytes.length]).toEqual([
        200,
        null,
        whole.bytes.length,
      ]);
    });
  });

  it('is not compressed if it is small', async () => {
    for (const path of small)
      expect(
        (await stranger(path, { 'Accept-Encoding': 'br, gzip' })).headers.get('content-encoding'),
        path,
      ).toBeNull();
  });

  it('is never compressed if it concerns a user, repeats the request, or carries a secret', async () => {
    const visitor = await operator();
    for (let count = 0; count < 30; count += 1)
      await visitor.send('PATCH', '/api/account', { name: `Olga Operator ${count}` });
    const endpoints = endpointsOf(deployment().services).filter(
      ({ method, path }) => method === 'GET' && !compressed.includes(path) && !small.includes(path),
    );
    const paths = endpoints.map(({ path }) => path.replaceAll(/:\w+/g, 'google'));
    expect(paths.length).toBeGreaterThan(15);
    const longest = { path: '', length: 0 };
    for (const path of [
      ...paths,
      '/',
      '/nothing-that-is-here',
      '/sandbox/mailbox',
      '/sandbox/mailbox?to=op@example.com',
      '/security/claims/none',
    ]) {
      for (const accept of ['text/html', 'application/json']) {
        const { headers, bytes } = await get(visitor, path, {
          'Accept-Encoding': 'br, gzip, *;q=0.5',
          Accept: accept,
        });
        expect([path, headers.get('content-encoding')]).toEqual([path, null]);
        if (bytes.length > longest.length) Object.assign(longest, { path, length: bytes.length });
      }
    }
    expect(longest.length).toBeGreaterThan(4_096);
    for (const [path, body] of [
      ['/api/sign-in', { email: 'op@example.com', password: goodPassword }],
      ['/api/session/confirm', { password: goodPassword }],
      ['/api/factors/totp', {}],
    ] as const) {
      const answer = await visitor.open('POST', path, body, { 'Accept-Encoding': 'br, gzip' });
      expect([path, answer.ok, answer.headers.get('content-encoding')]).toEqual([path, true, null]);
    }
  });

  it('names no user where a cache may store it', async () => {
    const visitor = deployment().visitor();
    await visitor.join('cached@example.com', goodPassword, 'Cassandra Cached');
    for (const path of compressed.filter((one) => !one.startsWith('/api/') && one !== '/')) {
      const { headers, bytes } = await get(visitor, path);
      expect(bytes.toString(), path).not.toMatch(/Cassandra|cached@example/);
      expect(headers.get('cache-control'), path).not.toMatch(/no-store/);
    }
    const own = await get(visitor, '/', { 'Accept-Encoding': 'br' });
    expect([
      own.bytes.toString().includes('Cassandra'),
      own.headers.get('cache-control'),
      own.headers.get('content-encoding'),
    ]).toEqual([true, 'no-store', null]);
  });
});
