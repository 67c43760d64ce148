import { generateSync } from 'otplib';
import { expect, it } from 'vitest';
import { deployed } from '../../test/deployment.ts';
import { onBothStores } from '../../test/on-both-stores.ts';
import { goodPassword, type Visitor } from '../../test/visitor.ts';
import { offerClaim } from '../accounts/claim-operator.ts';
import { endpointsOf } from '../app.ts';
import { minute, day } from '../clock.ts';

const path = '/api/operator/second-factor';

/**
 * The endpoints that a session may use while enrolment is required: add a factor, re-authenticate, sign out and manage
 * the account itself.
 */
const ownAccount = [
  'GET /api/session',
  'GET /api/session/confirm',
  'POST /api/session/confirm',
  'POST /api/session/confirm/passkey/options',
  'POST /api/session/confirm/github',
  'POST /api/session/confirm/google',
  'GET /api/sessions',
  'DELETE /api/sessions',
  'DELETE /api/sessions/:id',
  'GET /api/factors',
  'POST /api/factors/totp',
  'POST /api/factors/totp/confirm',
  'POST /api/factors/passkeys/options',
  'POST /api/factors/passkeys',
  'POST /api/factors/recovery-codes',
  'DELETE /api/factors/:id',
  'DELETE /api/recovery/factors',
  'PATCH /api/account',
  'DELETE /api/account',
  'POST /api/account/password',
  'POST /api/account/email',
  'GET /api/account/export',
  'GET /api/account/activity',
  'GET /api/account/activity/days',
  'GET /api/account/providers',
  'POST /api/account/providers/:provider/connect',
  'DELETE /api/account/providers/:provider',
];

onBothStores('a second factor for all', (database) => {
  const deployment = deployed(database);
  let made = 0;

  async function operator(): Promise<Visitor> {
    const visitor = deployment().visitor();
    const token = (await offerClaim(deployment().services)).split('token=')[1];
    await visitor.post('/api/operators/claim', {
      token,
      email: `chief${(made += 1)}@example.org`,
      password: goodPassword,
      name: 'Olga',
    });
    return visitor;
  }
  async function member(): Promise<{ visitor: Visitor; email: string }> {
    const visitor = deployment().visitor();
    const email = `crew${(made += 1)}@example.org`;
    await visitor.join(email);
    return { visitor, email };
  }
  async function enrol(visitor: Visitor): Promise<void> {
    const { body } = await visitor.post('/api/factors/totp');
    deployment().clock.move(30_000);
    const code = generateSync({
      secret: body.secret,
      epoch: Math.floor(deployment().clock.now().getTime() / 1_000),
    });
    expect(
      (await visitor.post('/api/factors/totp/confirm', { id: body.factor.id, code })).status,
    ).toBe(200);
  }
  const set = (visitor: Visitor, required: boolean, graceDays = 0) =>
    visitor.send('PUT', path, { required, graceDays });
  const holding = async (visitor: Visitor) => (await visitor.get('/api/session')).body.secondFactor;

  it('is required by operators, who enrol first, after re-authentication, and recorded', async () => {
    const { visitor: stranger } = await member();
    expect([(await set(stranger, true)).body.type, (await stranger.get(path)).body.type]).toEqual([
      '/problems/forbidden',
      '/problems/forbidden',
    ]);
    const chief = await operator();
    const refused = await set(chief, true, 7);
    expect([refused.status, refused.body.detail]).toEqual([
      409,
      'Set up a second factor for your own account first.',
    ]);
    expect((await chief.get(path)).body.secondFactor).toMatchObject({
      from: null,
      enrolled: 0,
      operators: 1,
      enrolledOperators: 0,
    });
    await enrol(chief);
    for (const graceDays of [-1, 91, 1.5, '7'])
      expect((await chief.send('PUT', path, { required: true, graceDays })).status).toBe(422);
    const { body } = await set(chief, true, 7);
    expect(body.secondFactor).toMatchObject({
      from: expect.any(String),
      enrolled: 1,
      operators: 1,
      enrolledOperators: 1,
    });
    expect((await chief.get('/api/operator/record')).body.items[0]).toMatchObject({
      action: 'operator.factor-required',
      target: body.secondFactor.from,
    });
    deployment().clock.move(10 * minute);
    expect((await set(chief, false)).body.type).toBe('/problems/confirmation-required');
    const other = await operator();
    expect((await set(other, false)).status, 'nor removed by one without').toBe(409);
  });

  it('is set once: requiring it again neither moves the date nor is recorded', async () => {
    const chief = await operator();
    await enrol(chief);
    await set(chief, false);
    const { body: first } = await set(chief, true, 7);
    const recorded = async () => (await chief.get('/api/operator/record')).body.items;
    const before = await recorded();
    deployment().clock.move(minute);
    const again = await Promise.all([set(chief, true, 14), set(chief, true, 0)]);
    expect(again.map(({ status, body }) => [status, body.secondFactor.from])).toEqual([
      [200, first.secondFactor.from],
      [200, first.secondFactor.from],
    ]);
    expect(await recorded()).toEqual(before);
    await set(chief, false);
    const cleared = await recorded();
    expect((await set(chief, false)).body.secondFactor.from).toBeNull();
    expect(await recorded()).toEqual(cleared);
  });

  it('is announced in the grace period, required after it, and satisfied by adding one', async () => {
    const chief = await operator();
    await enrol(chief);
    await set(chief, false);
    const { visitor, email } = await member();
    expect(await holding(visitor)).toBeNull();
    const { body } = await set(chief, true, 1);
    expect(await holding(visitor)).toEqual({
      from: body.secondFactor.from,
      enrolmentRequired: false,
    });
    expect(await holding(chief)).toBeNull();

    deployment().clock.move(day);
    const back = deployment().visitor();
    expect(
      (await back.post('/api/sign-in', { email, password: goodPassword })).status,
      'no account is locked out',
    ).toBe(200);
    expect(await holding(back)).toMatchObject({ enrolmentRequired: true });
    deployment().clock.move(11 * minute);
    expect((await back.post('/api/factors/totp')).body.type).toBe(
      '/problems/confirmation-required',
    );
    expect((await back.post('/api/session/confirm', { password: goodPassword })).status).toBe(200);
    await enrol(back);
    expect(await holding(back)).toBeNull();

    const { visitor: late } = await member();
    expect(await holding(late), 'who comes later is led through it at once').toMatchObject({
      enrolmentRequired: true,
    });
    expect((await late.post('/api/sign-out')).status).toBe(204);
  });

  it('limits a session that must enrol to managing its own account, on every route', async () => {
    const [chief, enrolling] = [await operator(), await operator()];
    await enrol(chief);
    expect((await set(chief, true)).status).toBe(200);
    const endpoints = endpointsOf(deployment().services).filter(({ needs }) => needs !== 'anyone');
    const nameOf = ({ method, path: at }: { method: string; path: string }) => `${method} ${at}`;
    expect(
      endpoints
        .filter((each) => each.whileEnrolling)
        .map(nameOf)
        .toSorted(),
    ).toEqual(ownAccount.toSorted());

    const refused = endpoints.filter((each) => !each.whileEnrolling);
    expect(refused.length).toBeGreaterThan(10);
    for (const each of refused) {
      const answer = await enrolling.send(
        each.method,
        each.path.replaceAll(/:\w+/g, 'some'),
        each.method === 'GET' ? undefined : {},
      );
      expect([nameOf(each), answer.status, answer.body.type]).toEqual([
        nameOf(each),
        403,
        '/problems/second-factor-required',
      ]);
    }
    for (const name of ownAccount.filter((one) => one.startsWith('GET '))) {
      expect([200, 204], name).toContain((await enrolling.get(name.slice('GET '.length))).status);
    }
    const page = await enrolling.post('/security/run', 'run=now', {
      'Content-Type': 'application/x-www-form-urlencoded',
    });
    expect(
      [page.status, (await enrolling.get('/')).status],
      'pages treat it as signed out',
    ).toEqual([401, 200]);
  });
});
