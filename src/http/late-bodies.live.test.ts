import { expect, it } from 'vitest';
import { deployed } from '../../test/deployment.ts';
import { onBothStores } from '../../test/on-both-stores.ts';
import { goodPassword, type Visitor } from '../../test/visitor.ts';
import { offerClaim } from '../accounts/claim-operator.ts';
import { endpointsOf } from '../app.ts';
import { securityEvent } from '../audit/security-event.ts';
import type { Endpoint } from './endpoint.ts';
import { rightsOf } from './guards.ts';

const client = {
  network: '',
  address: '127.0.0.1',
  userAgent: '',
  sessionToken: null,
  deviceToken: null,
  flowTokens: [],
  site: null,
};
/** A well-formed response that belongs to no ceremony. */
const madeByPasskey = {
  id: 'AAAA',
  rawId: 'AAAA',
  type: 'public-key',
  clientExtensionResults: {},
  response: {
    clientDataJSON: Buffer.from(JSON.stringify({ challenge: 'none' })).toString('base64url'),
    attestationObject: 'AAAA',
  },
};

onBothStores('a request whose body arrives late', (database, store) => {
  const deployment = deployed(database, { RATE_LIMITS: 'off' });
  const ofPrincipals = (): Endpoint[] =>
    endpointsOf(deployment().services).filter(
      ({ method, needs }) => method !== 'GET' && needs !== 'anyone',
    );
  let made = 0;

  async function operator(): Promise<{ email: string; visitor: Visitor; id: string }> {
    const email = `late${(made += 1)}@example.org`;
    const visitor = deployment().visitor();
    const token = (await offerClaim(deployment().services)).split('token=')[1];
    const { body } = await visitor.post('/api/operators/claim', {
      token,
      email,
      password: goodPassword,
      name: 'Olga',
    });
    return { email, visitor, id: body.user.id };
  }

  async function again(email: string): Promise<Visitor> {
    const visitor = deployment().visitor();
    expect((await visitor.post('/api/sign-in', { email, password: goodPassword })).status).toBe(
      200,
    );
    return visitor;
  }

  /** Sends all but the end of a body, waits for `meanwhile`, and sends the rest. */
  async function sendLate(
    { method, path }: Endpoint,
    visitor: Visitor,
    meanwhile: () => Promise<unknown>,
  ) {
    const { app, config } = deployment();
    const part = (text: string) => new TextEncoder().encode(text);
    let sent = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          sent += 1;
          if (sent === 1) return controller.enqueue(part('{"name":'));
          await meanwhile();
          controller.enqueue(part('"Late"}'));
          controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const url = `${config.origin}${path.replace(/:\w+/g, 'nothing')}`;
    const headers = {
      Host: config.publicUrl.host,
      'Sec-Fetch-Site': 'same-origin',
      'Content-Type': 'application/json',
      Cookie: [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    };
    const streamed = { method, headers, body, duplex: 'half' as const };
    const answer = await app(new Request(url, streamed), {
      address: visitor.address,
      httpVersion: '1.1',
    });
    const problem = (await answer.json()) as { type: string };
    return { status: answer.status, type: problem.type };
  }

  it('is rejected by every endpoint if its session was revoked before the last byte', async () => {
    expect(ofPrincipals().length).toBeGreaterThan(15);
    const answers = [];
    for (const endpoint of ofPrincipals()) {
      const { email, visitor } = await operator();
      const other = await again(email);
      const answer = await sendLate(endpoint, visitor, () => other.delete('/api/sessions'));
      answers.push({ endpoint: `${endpoint.method} ${endpoint.path}`, ...answer });
    }
    expect(answers.filter(({ type }) => type !== '/problems/not-signed-in')).toEqual([]);
  });

  it('is rejected by every operator endpoint if its operator lost the role before the last byte', async () => {
    const { visitor: boss } = await operator();
    const answers = [];
    for (const endpoint of ofPrincipals().filter(({ needs }) => rightsOf[needs]?.operator)) {
      const { visitor, id } = await operator();
      const answer = await sendLate(endpoint, visitor, () =>
        boss.send('PATCH', `/api/operator/accounts/${id}`, { operator: false }),
      );
      answers.push({ endpoint: `${endpoint.method} ${endpoint.path}`, ...answer });
    }
    expect(answers.length).toBeGreaterThan(4);
    expect(answers.filter(({ type }) => type !== '/problems/forbidden')).toEqual([]);
  });

  it('is rejected by every endpoint that requires re-authentication if that expired before the last byte', async () => {
    const answers = [];
    for (const endpoint of ofPrincipals().filter(
      ({ needs }) => rightsOf[needs]?.confirmed === 'always',
    )) {
      const { visitor } = await operator();
      const answer = await sendLate(endpoint, visitor, async () =>
        deployment().clock.move(11 * 60_000),
      );
      answers.push({ endpoint: `${endpoint.method} ${endpoint.path}`, ...answer });
    }
    expect(answers.length).toBeGreaterThan(4);
    expect(answers.filter(({ type }) => type !== '/problems/confirmation-required')).toEqual([]);
  });

  /**
   * A valid body for each endpoint. `refused-before`: the endpoint rejects this account or ID before it writes
   * anything.
   */
  const samples: Record<string, object | undefined | 'refused-before'> = {
    'POST /api/account/password': { current: goodPassword, next: 'another quiet river runs here' },
    'PATCH /api/account': { name: 'Late' },
    'POST /api/account/email': { email: 'elsewhere@example.org' },
    'DELETE /api/account': undefined,
    'DELETE /api/sessions/:id': undefined,
    'DELETE /api/sessions': undefined,
    'POST /api/session/confirm': { password: goodPassword },
    'POST /api/session/confirm/passkey/options': {},
    'POST /api/factors/totp': undefined,
    'POST /api/factors/totp/confirm': 'refused-before',
    'POST /api/factors/passkeys/options': {},
    'POST /api/factors/passkeys': { name: 'Key', response: madeByPasskey },
    'POST /api/factors/recovery-codes': undefined,
    'DELETE /api/factors/:id': undefined,
    'DELETE /api/recovery/factors': undefined,
    'DELETE /api/account/providers/:provider': undefined,
    'POST /api/account/providers/:provider/connect': {},
    'POST /api/session/confirm/github': 'refused-before',
    'POST /api/session/confirm/google': 'refused-before',
    'POST /api/trust/run': undefined,
    'PATCH /api/operator/accounts/:account': { operator: false },
    'DELETE /api/operator/accounts/:account/sessions': undefined,
    'DELETE /api/operator/limits/:limit': 'refused-before',
    'POST /api/operator/mail/:mail/retry': 'refused-before',
    'PUT /api/operator/second-factor': { required: true, graceDays: 0 },
  };

  it('writes nothing, at any endpoint, if its session is revoked after the guard has checked it', async () => {
    const { services } = deployment();
    const { store } = services;
    let isToRevoke = false;
    services.store = new Proxy(store, {
      get: (target, name) => (name === 'findSession' ? findAndRevoke : Reflect.get(target, name)),
    });
    const findAndRevoke: typeof store.findSession = async (tokenHash) => {
      const found = await store.findSession(tokenHash);
      if (!found || !isToRevoke) return found;
      isToRevoke = false;
      const { session, account } = found;
      await store.endSession({
        accountId: account.id,
        id: session.id,
        event: securityEvent(services, {
          action: 'session.ended',
          accountId: account.id,
          actorId: null,
          client,
        }),
      });
      return found;
    };
    try {
      const answers: Record<string, string> = {};
      for (const endpoint of ofPrincipals()) {
        const name = `${endpoint.method} ${endpoint.path}`;
        const sample = samples[name];
        if (sample === 'refused-before') continue;
        const { visitor, id } = await operator();
        const factor =
          name === 'DELETE /api/factors/:id'
            ? (await visitor.post('/api/factors/totp')).body.factor.id
            : 'nothing';
        isToRevoke = true;
        const path = endpoint.path
          .replace(':account', id)
          .replace(':provider', 'google')
          .replace(/:\w+/g, factor);
        answers[name] = (await visitor.send(endpoint.method, path, sample)).body.type;
      }
      const wanted = Object.keys(answers).map((name) => [name, '/problems/not-signed-in']);
      expect(answers).toEqual(Object.fromEntries(wanted));
      expect(Object.keys(samples).toSorted()).toEqual(
        ofPrincipals()
          .map(({ method, path }) => `${method} ${path}`)
          .toSorted(),
      );
    } finally {
      services.store = store;
    }
  });

  it('is answered 401 without a session, whatever it contains, and 413 first if it is too long', async () => {
    for (const endpoint of ofPrincipals()) {
      const path = endpoint.path.replace(/:\w+/g, 'nothing');
      const malformed = await deployment().visitor().send(endpoint.method, path, '{');
      const foreign = await deployment()
        .visitor()
        .send(endpoint.method, path, 'x', { 'Content-Type': 'text/plain' });
      const long = await deployment().visitor().send(endpoint.method, path, 'x'.repeat(70_000));
      expect([endpoint.path, malformed.status, foreign.status, long.status]).toEqual([
        endpoint.path,
        401,
        401,
        413,
      ]);
    }
  });

  // Body timeouts do not depend on the store, and waiting takes 13 s.
  if (store === 'MongoDB') return;
  it('is waited for ten seconds without a session, and longer with one', async () => {
    const { visitor } = await operator();
    const rename = ofPrincipals().find(
      ({ method, path }) => `${method} ${path}` === 'PATCH /api/account',
    );
    const signIn = endpointsOf(deployment().services).find(({ path }) => path === '/api/sign-in');
    if (!rename || !signIn) throw new Error('These endpoints are gone.');
    const startedAt = performance.now();
    let isWhole = false;
    const afterThirteenSeconds = () =>
      new Promise<void>((resolve) => setTimeout(() => resolve(void (isWhole = true)), 13_000));
    const answered = async (answer: Promise<{ type: string }>) => {
      const { type } = await answer;
      return {
        type,
        afterTenSeconds: performance.now() - startedAt > 9_900,
        beforeItCame: !isWhole,
      };
    };
    const stranger = deployment().visitor();
    const answers = await Promise.all([
      answered(sendLate(rename, stranger, afterThirteenSeconds)),
      answered(sendLate(signIn, stranger, afterThirteenSeconds)),
      answered(sendLate(rename, visitor, afterThirteenSeconds)),
    ]);
    expect(answers).toEqual([
      { type: '/problems/not-signed-in', afterTenSeconds: true, beforeItCame: true },
      { type: '/problems/malformed', afterTenSeconds: true, beforeItCame: true },
      { type: undefined, afterTenSeconds: true, beforeItCame: false },
    ]);
  });
});
