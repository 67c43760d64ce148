import { generateSync } from 'otplib';
import { expect, it } from 'vitest';
import { deployed } from '../../test/deployment.ts';
import { onBothStores } from '../../test/on-both-stores.ts';
import { goodPassword, type Json, type Visitor } from '../../test/visitor.ts';
import { offerClaim } from '../accounts/claim-operator.ts';
import { addMs, minute } from '../clock.ts';
import { newId } from '../crypto/token.ts';
import { provedEmail } from '../oauth/sign-in.ts';
import { anEvent, hashed } from '../store/contract/samples.ts';

const lease = 'trust-run';
const runDomain = 'c0123456789abcdef0123.canary.invalid';

onBothStores('accounts under the domain of the checks', (database) => {
  const deployment = deployed(database, { PORT: '1' });
  let made = 0;

  const operator = async (
    email = `chief${(made += 1)}@example.org`,
  ): Promise<Visitor & { status: number }> => {
    const visitor = deployment().visitor();
    const token = (await offerClaim(deployment().services)).split('token=')[1];
    const { status } = await visitor.post('/api/operators/claim', {
      token,
      email,
      password: goodPassword,
      name: 'Olga',
    });
    return Object.assign(visitor, { status });
  };
  /** Inserts an account as it may exist from before the domain was reserved, or from a run that crashed. */
  const insertAccount = async (email: string, isOperator = false) => {
    const { services, clock } = deployment();
    const tokenHash = hashed(newId());
    await services.store.insertClaim({ tokenHash, expiresAt: addMs(clock.now(), minute) });
    const account = {
      id: newId(),
      email,
      name: `Zz ${email}`,
      passwordHash: await services.passwords.hash(goodPassword),
      operator: isOperator,
      createdAt: clock.now(),
    };
    await services.store.redeemClaim({
      tokenHash,
      account,
      event: anEvent({ accountId: account.id }),
      now: clock.now(),
    });
    return account;
  };
  /** Holds the run lease, as a process that runs the checks does, with this canary domain. */
  const duringRun = async (work: () => Promise<void>, domain = runDomain) => {
    const { store } = deployment().services;
    expect(
      await store.takeLease(
        lease,
        domain,
        addMs(deployment().clock.now(), 20_000),
        deployment().clock.now(),
      ),
    ).toBe(true);
    try {
      await work();
    } finally {
      await store.dropLease(lease, domain);
    }
  };
  const listed = async (visitor: Visitor): Promise<string[]> =>
    (await visitor.get('/api/operator/accounts?search=zz&limit=100')).body.items.map(
      ({ email }: Json) => email,
    );
  const census = async (visitor: Visitor) =>
    (await visitor.get('/api/operator/second-factor')).body.secondFactor.accounts;

  const spellings = [
    'a@canary.invalid',
    'a@x.canary.invalid',
    'A@X.CANARY.INVALID',
    'a@ｃａｎａｒｙ.invalid',
    'a@runs.canary.invalid',
    `a@x.${runDomain}`,
    `a@${runDomain}`,
  ];
  const refused = {
    status: 422,
    body: { type: '/problems/invalid-fields', errors: [{ path: 'email' }] },
  };

  it('are refused at sign-up, whatever the spelling, also those of an earlier run', async () => {
    for (const email of spellings)
      expect([
        email,
        await deployment()
          .visitor()
          .post('/api/sign-up', { email, password: goodPassword, name: 'Ada' }),
      ]).toMatchObject([email, refused]);
    await duringRun(async () => {
      for (const email of spellings.slice(0, -1))
        expect([
          email,
          await deployment()
            .visitor()
            .post('/api/sign-up', { email, password: goodPassword, name: 'Ada' }),
        ]).toMatchObject([email, refused]);
      expect(
        (
          await deployment()
            .visitor()
            .post('/api/sign-up', {
              email: `one@${runDomain}`,
              password: goodPassword,
              name: 'Ada',
            })
        ).status,
      ).toBe(202);
    });
    expect(
      await deployment()
        .visitor()
        .post('/api/sign-up', { email: 'a@mycanary.invalid', password: goodPassword, name: 'Ada' }),
    ).toMatchObject({ status: 202 });
  });

  it('are refused to an operator who creates an account, and as a new email address, even during a run', async () => {
    const member = deployment().visitor();
    await member.join(`mover${(made += 1)}@example.org`);
    await duringRun(async () => {
      for (const email of spellings) {
        expect([email, (await operator(email)).status]).toEqual([email, 422]);
        expect([email, await member.post('/api/account/email', { email })]).toMatchObject([
          email,
          refused,
        ]);
      }
    });
  });

  it('are refused when a provider supplies them', () => {
    for (const email of spellings)
      expect(() => provedEmail({ subject: 's', name: null, email }), email).toThrow();
    expect(provedEmail({ subject: 's', name: null, email: 'a@mycanary.invalid' })).toBe(
      'a@mycanary.invalid',
    );
  });

  it('that already exist are listed, counted and subject to the 2FA policy like all others', async () => {
    const chief = await operator();
    const before = await census(chief);
    const emails = ['zz-a@canary.invalid', 'zz-b@old.canary.invalid', `zz-c@${runDomain}`];
    for (const email of emails) await insertAccount(email);
    await insertAccount('zz-operator@canary.invalid', true);
    expect(await listed(chief)).toEqual([...emails, 'zz-operator@canary.invalid'].sort());
    expect(await census(chief)).toBe(before + 4);
    const { store, limiter } = deployment().services;
    for (let wrong = 0; wrong < 10; wrong += 1)
      await limiter.consume('wrong-password', { key: 'zz-a@canary.invalid' });
    expect(
      (await chief.get('/api/operator/limits')).body.items.map(({ subject }: Json) => subject),
    ).toContain('zz-a@canary.invalid');
    await store.eraseDomain('canary.invalid');
    await store.eraseDomain('old.canary.invalid');
    await store.eraseDomain(runDomain);
  });

  it('are hidden only during the run that created them, and never if they are operators', async () => {
    const chief = await operator();
    const { body } = await chief.post('/api/factors/totp');
    deployment().clock.move(30_000);
    await chief.post('/api/factors/totp/confirm', {
      id: body.factor.id,
      code: generateSync({
        secret: body.secret,
        epoch: Math.floor(deployment().clock.now().getTime() / 1_000),
      }),
    });
    expect(
      (await chief.send('PUT', '/api/operator/second-factor', { required: true, graceDays: 0 }))
        .status,
    ).toBe(200);
    const before = await census(chief);
    const other = 'cffffffffffffffffffff.canary.invalid';
    await insertAccount(`zz-canary@${runDomain}`);
    await insertAccount(`zz-left@${other}`);
    await insertAccount(`zz-operator@${runDomain}`, true);
    const { store } = deployment().services;
    const visitors: Record<string, Visitor> = {};
    for (const email of [
      `zz-canary@${runDomain}`,
      `zz-left@${other}`,
      `zz-operator@${runDomain}`,
    ]) {
      const visitor = deployment().visitor();
      expect((await visitor.post('/api/sign-in', { email, password: goodPassword })).status).toBe(
        200,
      );
      visitors[email] = visitor;
    }
    const enrolling = async () =>
      Promise.all(
        Object.values(visitors).map(
          async (visitor) =>
            (await visitor.get('/api/session')).body.secondFactor?.enrolmentRequired ?? false,
        ),
      );

    expect(await enrolling()).toEqual([true, true, true]);
    await duringRun(async () => {
      expect(await enrolling()).toEqual([false, true, true]);
      expect(await listed(chief)).toEqual([`zz-left@${other}`, `zz-operator@${runDomain}`]);
      expect(await census(chief)).toBe(before + 2);
      // The process of the run has crashed, so its lease is not renewed.
      deployment().clock.move(21_000);
      expect(await enrolling()).toEqual([true, true, true]);
      expect(await listed(chief)).toHaveLength(3);
      expect(await census(chief)).toBe(before + 3);
    });
    await store.eraseDomain(runDomain);
    await store.eraseDomain(other);
  });
});
