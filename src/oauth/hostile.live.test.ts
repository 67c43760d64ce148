import { createHmac } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { problemOf } from '../../test/at-provider.ts';
import { deploy, type TestDeployment } from '../../test/deployment.ts';
import {
  hostileProvider,
  json,
  type Answering,
  type Provider,
} from '../../test/hostile-provider.ts';
import { temporaryDirectory } from '../../test/temporary-directory.ts';
import type { Answer, Visitor } from '../../test/visitor.ts';

const embedded = async () => ({
  kind: 'libsql' as const,
  path: `${await temporaryDirectory()}/flowcept.db`,
});

/**
 * Responses of a malicious provider, or of an attacker in its place. One store is enough, because the store plays no
 * part.
 */
describe('a hostile provider', () => {
  let provider: Provider;
  let deployment: TestDeployment;
  let subjects = 0;
  beforeAll(async () => {
    provider = await hostileProvider();
    deployment = await deploy(embedded, provider.variables);
  });
  afterAll(async () => {
    await deployment.stop();
    await provider.close();
  });
  beforeEach(async () => {
    await provider.reset();
    provider.claims['sub'] = `subject-${(subjects += 1)}`;
    provider.claims['email'] = `h${subjects}@example.org`;
    provider.user = { id: subjects, login: 'someone', name: 'Someone' };
    provider.emails = [{ email: `gh${subjects}@example.org`, primary: true, verified: true }];
  });

  async function comeBack(
    name: 'google' | 'github',
    more = '',
  ): Promise<{ answer: Answer; visitor: Visitor; milliseconds: number }> {
    const visitor = deployment.visitor();
    const { headers } = await visitor.get(`/api/sign-in/${name}`);
    const { searchParams: query } = new URL(headers.get('location') ?? '');
    provider.nonce = query.get('nonce') ?? '';
    const begun = performance.now();
    const answer = await visitor.get(
      `/api/sign-in/${name}/callback?code=a-code&state=${query.get('state')}${more}`,
    );
    return { answer, visitor, milliseconds: performance.now() - begun };
  }

  async function mustFail(
    name: 'google' | 'github',
    why: string,
    problem = 'provider-failed',
    more = '',
  ): Promise<void> {
    const { answer, visitor, milliseconds } = await comeBack(name, more);
    expect([why, answer.status, problemOf(answer)]).toEqual([why, 303, problem]);
    expect((await visitor.get('/api/session')).status, why).toBe(401);
    expect(milliseconds, why).toBeLessThan(10_000);
  }
  async function mustWork(name: 'google' | 'github'): Promise<Visitor> {
    const { answer, visitor } = await comeBack(name);
    expect(answer.headers.get('location')).toBe('/home');
    return visitor;
  }

  it('signs a user in while it is honest, with the secret and the verifier in the body of one call', async () => {
    let sent = new URLSearchParams();
    provider.instead.set('/token', async (request, response, body) => {
      sent = new URLSearchParams(body);
      return json({
        access_token: 'x',
        token_type: 'Bearer',
        id_token: await provider.sign({ nonce: provider.nonce, ...provider.claims }),
      })(request, response, body);
    });
    await mustWork('google');
    expect(Object.fromEntries(sent)).toMatchObject({
      grant_type: 'authorization_code',
      code: 'a-code',
      client_id: 'google-client',
      client_secret: 'google-secret',
      code_verifier: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(provider.asked.filter((one) => one === 'POST /token')).toHaveLength(1);
    await mustWork('github');
  });

  const signing: [
    why: string,
    sign: (claims: Record<string, unknown>, own: Provider['sign']) => Promise<string>,
  ][] = [
    ['alg none', async (claims) => new UnsecuredJWT(claims).encode()],
    [
      'alg None in another case',
      async (claims) =>
        `${Buffer.from('{"alg":"nOnE"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`,
    ],
    [
      'HS256 with the public key',
      async (claims, own) => {
        const jwks = (await (await fetch(`${provider.origin}/jwks`)).json()) as { keys: object[] };
        const spki = await exportSPKI(await importJwkPublic(jwks.keys[0] ?? {}));
        const head = Buffer.from(
          JSON.stringify({ alg: 'HS256', kid: provider.header['kid'] }),
        ).toString('base64url');
        const body = (await own(claims)).split('.')[1];
        return `${head}.${body}.${createHmac('sha256', spki).update(`${head}.${body}`).digest('base64url')}`;
      },
    ],
    [
      'HS256 with the client’s secret',
      async (claims) =>
        new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from('google-secret')),
    ],
    [
      'another issuer’s key, under the right name',
      async (claims) =>
        new SignJWT(claims)
          .setProtectedHeader({ alg: 'RS256', kid: provider.header['kid'] ?? '' })
          .sign((await generateKeyPair('RS256')).privateKey),
    ],
    [
      'a key that its header brings along',
      async (claims) => {
        const { privateKey, publicKey } = await generateKeyPair('RS256');
        return new SignJWT(claims)
          .setProtectedHeader({
            alg: 'RS256',
            kid: 'mine',
            jwk: await exportJWK(publicKey),
            jku: `${provider.origin}/evil-jwks`,
          })
          .sign(privateKey);
      },
    ],
    [
      'an unknown kid',
      async (claims) =>
        new SignJWT(claims)
          .setProtectedHeader({ alg: 'RS256', kid: 'unknown-key' })
          .sign((await generateKeyPair('RS256')).privateKey),
    ],
    [
      'a signature that was cut off',
      async (claims, own) => (await own(claims)).replace(/[^.]+$/, ''),
    ],
    [
      'a payload that was changed',
      async (claims, own) => {
        const [head, , signature] = (await own(claims)).split('.');
        return `${head}.${Buffer.from(JSON.stringify({ ...claims, sub: 'victim' })).toString('base64url')}.${signature}`;
      },
    ],
    ['no token at all', async () => ''],
    [
      'a critical extension',
      async (claims) =>
        new SignJWT(claims)
          .setProtectedHeader({ alg: 'RS256', kid: 'x', crit: ['b64'], b64: true })
          .sign((await generateKeyPair('RS256')).privateKey),
    ],
  ];
  it.each(signing)('is rejected with an ID token of %s (H68)', async (why, sign) => {
    await mustWork('google');
    provider.claims['sub'] = 'another';
    const own = provider.sign;
    provider.sign = (claims) => sign(claims, own);
    await mustFail('google', why);
    expect(provider.asked).not.toContain('GET /evil-jwks');
  });

  const wrongClaims: [why: string, claims: Record<string, unknown>][] = [
    ['another issuer', { iss: 'https://accounts.google.com' }],
    ['an issuer with a slash more', { iss: 'SLASH' }],
    ['another audience', { aud: 'another-audience' }],
    ['two audiences and no authorized party', { aud: ['google-client', 'other'] }],
    ['an authorized party that is not us', { aud: ['google-client', 'other'], azp: 'other' }],
    ['another nonce', { nonce: 'x'.repeat(43) }],
    ['no nonce', { nonce: undefined }],
    ['an end in the past', { exp: 1 }],
    ['no end', { exp: undefined }],
    ['an end that is text', { exp: '9999999999' }],
    ['an issue in the future', { iat: Math.floor(Date.now() / 1000) + 3_600 }],
    ['no issue', { iat: undefined }],
    ['a start in the future', { nbf: Math.floor(Date.now() / 1000) + 3_600 }],
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: '' }],
    ['a subject that is a number', { sub: 7 }],
    ['a subject that is an object', { sub: { $ne: '' } }],
    ['a subject of 300 characters', { sub: 'x'.repeat(300) }],
  ];
  it.each(wrongClaims)('is rejected with an ID token of %s (H68, H71)', async (why, claims) => {
    const meant = claims['iss'] === 'SLASH' ? { iss: `${provider.origin}/` } : claims;
    provider.claims = { ...provider.claims, ...meant };
    await mustFail('google', why);
  });

  it.each([false, undefined, 'true', 1, 'false', null, [true]])(
    'verifies no address with email_verified %j (H69)',
    async (verified) => {
      provider.claims['email_verified'] = verified;
      await mustFail('google', String(verified), 'email-unverified');
    },
  );

  it.each([
    undefined,
    '',
    'no-account',
    'a@b@c',
    'a@example.org,b@example.org',
    'a@example.org\r\nBcc: b@example.org',
    ['a@example.org'],
  ])('creates no account for the address %j', async (email) => {
    provider.claims['email'] = email;
    await mustFail(
      'google',
      String(email),
      Array.isArray(email) ? 'provider-failed' : 'email-unverified',
    );
  });

  it('identifies a user by subject, not by address (H71)', async () => {
    const user = async (visitor: Visitor) => (await visitor.get('/api/session')).body.user;
    const { email, sub } = provider.claims;
    const first = await user(await mustWork('google'));
    provider.claims = { ...provider.claims, email: 'moved@example.org' };
    expect(await user(await mustWork('google'))).toEqual(first);
    provider.claims = { ...provider.claims, email_verified: false };
    expect(await user(await mustWork('google'))).toEqual(first);
    provider.claims = { ...provider.claims, email_verified: true, email, sub: `${sub}-recycled` };
    await mustFail('google', 'a recycled address', 'account-exists');
    provider.user = { id: Number.MAX_SAFE_INTEGER, login: String(sub), name: null };
    provider.emails = [{ email: 'elsewhere@example.org', primary: true, verified: true }];
    expect((await user(await mustWork('github'))).id).not.toBe(first.id);
  });

  const wrongUsers: [why: string, user: unknown][] = [
    ['no id', { login: 'x', name: 'X' }],
    ['0', { id: 0, login: 'x', name: 'X' }],
    ['text', { id: '1', login: 'x', name: 'X' }],
    ['a fraction', { id: 1.5, login: 'x', name: 'X' }],
    ['beyond counting', { id: 1e300, login: 'x', name: 'X' }],
    ['null', { id: null, login: 'x' }],
    ['in a list', [{ id: 1, login: 'x' }]],
  ];
  it.each(wrongUsers)('is rejected at GitHub with an id that is %s (H71)', async (why, user) => {
    provider.user = user;
    await mustFail('github', why);
  });

  it('verifies only the primary GitHub address, and only if GitHub says so (H69)', async () => {
    const lists = [
      [{ email: 'v@example.org', primary: true, verified: false }],
      [{ email: 'v@example.org', primary: false, verified: true }],
      [
        { email: 'a@example.org', primary: true, verified: false },
        { email: 'v@example.org', primary: false, verified: true },
      ],
      [],
    ];
    for (const emails of lists) {
      provider.emails = emails;
      await mustFail('github', JSON.stringify(emails), 'email-unverified');
    }
    for (const emails of [
      [{ email: 'v@example.org', primary: true, verified: 'true' }],
      { email: 'v@example.org' },
      [null],
    ]) {
      provider.emails = emails;
      await mustFail('github', JSON.stringify(emails));
    }
  });

  it.each([403, 404])(
    'lets a connected user in while the GitHub App may not read addresses (%s), and tells a new one',
    async (status) => {
      await mustWork('github');
      provider.instead.set('/api/user/emails', json({ message: 'No.' }, status));
      await mustWork('github');
      provider.user = { id: 10_000 + subjects, login: 'new', name: 'New' };
      await mustFail('github', `a new user, ${status}`, 'email-withheld');
    },
  );

  it('counts a 403 of its rate limit as a failure that passes', async () => {
    const exhausted: Answering = (_, response) =>
      void response.writeHead(403, { 'x-ratelimit-remaining': '0' }).end('{}');
    provider.instead.set('/api/user/emails', exhausted);
    await mustFail('github', 'a rate limit');
  });

  it('opens no account for an address that receives no mail', async () => {
    provider.emails = [{ email: '1+ada@users.noreply.github.com', primary: true, verified: true }];
    await mustFail('github', 'a noreply address', 'email-no-reply');
  });

  const endless: Answering = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const more = () => void (response.destroyed || response.write('x'.repeat(64 * 1024), more));
    more();
  };
  const fifty: Answering = (_, response) =>
    void response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(`{"access_token":"${'x'.repeat(50_000_000)}"}`);
  const redirect: Answering = (_, response) =>
    void response.writeHead(302, { location: `${provider.origin}/elsewhere` }).end();
  const misbehaviours: [why: string, answering: Answering][] = [
    ['500', json({}, 500)],
    ['a redirect', redirect],
    [
      'HTML',
      (_, response) =>
        void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>canary</html>'),
    ],
    [
      'HTML that says it is JSON',
      (_, response) =>
        void response.writeHead(200, { 'content-type': 'application/json' }).end('<html>'),
    ],
    ['50 MB', fifty],
    ['without end', endless],
    ['a list', json([[]])],
    ['null', json(null)],
    ['nothing', (_, response) => void response.writeHead(200).end()],
    ['an error', json({ error: 'invalid_grant' }, 400)],
    ['an error with 200', json({ error: 'bad_verification_code' })],
    ['another kind of token', json({ access_token: 'x', token_type: 'mac' })],
    ['a hang-up', (request) => void request.socket.destroy()],
  ];
  it.each(misbehaviours)(
    'fails cleanly if the token endpoint answers %s (H75)',
    async (why, answering) => {
      provider.instead.set('/token', answering);
      provider.instead.set('/gh/login/oauth/access_token', answering);
      for (const name of ['google', 'github'] as const) await mustFail(name, why);
      expect(provider.asked).not.toContain('GET /elsewhere');
    },
  );

  it.each(misbehaviours)(
    'fails cleanly if GitHub’s API answers %s (H75)',
    async (why, answering) => {
      for (const path of ['/api/user', '/api/user/emails']) {
        await provider.reset();
        provider.instead.set(path, answering);
        await mustFail('github', why);
      }
      expect(provider.asked).not.toContain('GET /elsewhere');
    },
  );

  it(
    'fails within ten seconds if there is no answer for a minute (H75, F13)',
    { timeout: 60_000 },
    async () => {
      const never: Answering = () => {};
      provider.instead.set('/token', never);
      provider.instead.set('/api/user', never);
      await Promise.all([
        mustFail('google', 'a token endpoint that is silent'),
        mustFail('github', 'an API that is silent'),
      ]);
      const drip: Answering = (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const timer = setInterval(() => response.write(' '), 500);
        response.on('close', () => clearInterval(timer));
      };
      provider.instead.set('/token', drip);
      await mustFail('google', 'a body that drips');
      expect((await deployment.visitor().get('/api/session')).status).toBe(401);
    },
  );

  it('is rejected with the iss or state of another server (RFC 9207)', async () => {
    await mustFail(
      'google',
      'another iss',
      'provider-failed',
      `&iss=${encodeURIComponent('https://evil.test')}`,
    );
    await mustFail(
      'github',
      'another iss',
      'provider-failed',
      `&iss=${encodeURIComponent('https://evil.test')}`,
    );
    expect(provider.asked.filter((one) => one.startsWith('POST'))).toEqual([]);
  });

  it('is not called without a valid state of this browser (H65)', async () => {
    const visitor = deployment.visitor();
    const { headers } = await visitor.get('/api/sign-in/google');
    const state = new URL(headers.get('location') ?? '').searchParams.get('state');
    const other = deployment.visitor();
    await other.get('/api/sign-in/google');
    provider.asked.length = 0;
    for (const query of [
      '',
      '?code=x',
      `?code=x&state=${state?.slice(1)}_`,
      '?code=x&state=',
      '?code=x&state[]=a',
    ]) {
      expect(problemOf(await visitor.get(`/api/sign-in/google/callback${query}`))).toBe('expired');
    }
    expect(problemOf(await other.get(`/api/sign-in/google/callback?code=x&state=${state}`))).toBe(
      'cookie-missing',
    );
    expect(problemOf(await visitor.get(`/api/sign-in/google/callback?code=x&state=${state}`))).toBe(
      'expired',
    );
    expect(provider.asked).toEqual([]);
  });

  it('gets one session for ten concurrent callbacks, by one exchange (H67)', async () => {
    const visitor = deployment.visitor();
    const { headers } = await visitor.get('/api/sign-in/google');
    const { searchParams: query } = new URL(headers.get('location') ?? '');
    provider.nonce = query.get('nonce') ?? '';
    const cookie = { Cookie: [...visitor.cookies].map((pair) => pair.join('=')).join('; ') };
    const path = `/api/sign-in/google/callback?code=x&state=${query.get('state')}`;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => deployment.visitor().get(path, cookie)),
    );
    expect(answers.filter((answer) => problemOf(answer) === null)).toHaveLength(1);
    expect(provider.asked.filter((one) => one === 'POST /token')).toHaveLength(1);
  });

  it('gives users names in a valid form, and no picture is fetched (H76)', async () => {
    const names: [unknown, string][] = [
      ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
      ['A'.repeat(500_000), 'A'.repeat(100)],
      ['\u202egnp.exe', 'LOCAL'],
      ['  ', 'LOCAL'],
      [42, 'LOCAL'],
      [undefined, 'LOCAL'],
    ];
    for (const [name, expected] of names) {
      subjects += 1;
      provider.claims = {
        ...provider.claims,
        sub: `named-${subjects}`,
        email: `named${subjects}@example.org`,
        name,
        picture: `${provider.origin}/picture`,
        email_verified: true,
      };
      const visitor = await mustWork('google');
      expect((await visitor.get('/api/session')).body.user.name).toBe(
        expected === 'LOCAL' ? `named${subjects}` : expected,
      );
    }
    expect(provider.asked).not.toContain('GET /picture');
  });

  it('leaves none of its tokens in the log or in an answer', async () => {
    await mustWork('google');
    await mustWork('github');
    provider.claims['aud'] = 'other';
    await mustFail('google', 'another audience');
    const said = deployment.logLines().join('\n');
    for (const secret of ['canary-access-token', 'google-secret', 'github-secret', 'a-code', 'eyJ'])
      expect(said).not.toContain(secret);
  });

  it('affects no other sign-in: passwords work while it is unavailable', async () => {
    const away = await deploy(embedded, {
      ...provider.variables,
      GOOGLE_ISSUER: 'http://127.0.0.1:1',
      GITHUB_URL: 'http://127.0.0.1:1',
      GITHUB_API_URL: 'http://127.0.0.1:1',
    });
    const visitor = away.visitor();
    const { status, headers } = await visitor.get('/api/sign-in/google?to=/activity');
    expect([status, headers.get('location')]).toEqual([
      302,
      '/sign-in?problem=provider-failed&provider=google&purpose=sign-in&to=%2Factivity',
    ]);
    expect((await visitor.join('away@example.org')).status).toBe(200);
    const connecting = await visitor.post('/api/account/providers/google/connect', {
      to: '/account',
    });
    expect([connecting.status, connecting.body.location]).toEqual([
      200,
      '/sign-in?problem=provider-failed&provider=google&purpose=connect&to=%2Faccount',
    ]);
    await away.stop();
  });

  it('is asked for its keys again when they have changed, and then not for a minute (F13)', async () => {
    const fresh = await deploy(embedded, provider.variables);
    const back = async () => {
      const visitor = fresh.visitor();
      const { headers } = await visitor.get('/api/sign-in/google');
      const { searchParams: query } = new URL(headers.get('location') ?? '');
      provider.nonce = query.get('nonce') ?? '';
      return problemOf(
        await visitor.get(`/api/sign-in/google/callback?code=x&state=${query.get('state')}`),
      );
    };
    expect(await back()).toBeNull();
    await provider.rotate();
    provider.asked.length = 0;
    expect(await back()).toBeNull();
    expect(provider.asked.filter((one) => one === 'GET /jwks')).toHaveLength(1);
    provider.header = { alg: 'RS256', kid: 'never-heard-of' };
    for (let count = 0; count < 5; count += 1) expect(await back()).toBe('provider-failed');
    expect(provider.asked.filter((one) => one === 'GET /jwks')).toHaveLength(1);
    await fresh.stop();
  });
});

async function importJwkPublic(jwk: object) {
  const key = await importJWK(jwk, 'RS256', { extractable: true });
  if (key instanceof Uint8Array) throw new Error('This is no public key.');
  return key;
}
