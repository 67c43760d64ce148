import { generateSync } from 'otplib';
import { expect, it } from 'vitest';
import { deployed } from '../../test/deployment.ts';
import { onBothStores } from '../../test/on-both-stores.ts';
import { goodPassword, type Visitor } from '../../test/visitor.ts';
import { minute, hour, day } from '../clock.ts';

onBothStores('lost second factors', (database) => {
  const deployment = deployed(database);
  let made = 0;

  /** A signed-in user with an authenticator app. */
  async function owner() {
    const visitor = deployment().visitor();
    const email = `lost${(made += 1)}@example.org`;
    await visitor.join(email);
    const { body } = await visitor.post('/api/factors/totp');
    const secret = body.secret as string;
    await visitor.post('/api/factors/totp/confirm', { id: body.factor.id, code: nextCode(secret) });
    return { visitor, email, secret };
  }
  function nextCode(secret: string): string {
    deployment().clock.move(30_000);
    return generateSync({ secret, epoch: Math.floor(deployment().clock.now().getTime() / 1_000) });
  }
  /** Signs in with the first proof alone. */
  async function signIn(email: string, visitor = deployment().visitor(), password = goodPassword) {
    const answer = await visitor.post('/api/sign-in', { email, password });
    return { visitor, answer, challenge: answer.body.challenge?.id as string };
  }
  const ask = (visitor: Visitor, challenge: string) =>
    visitor.post('/api/recovery/factors', { challenge });
  async function asked(email: string) {
    const { visitor, challenge } = await signIn(email);
    const answer = await ask(visitor, challenge);
    expect(answer.status).toBe(202);
    return { visitor, challenge, opensAt: answer.body.opensAt as string };
  }
  const finishWithFactor = (
    { visitor, secret }: Awaited<ReturnType<typeof owner>>,
    challenge: string,
  ) =>
    visitor.post('/api/sign-in/second-factor', {
      challenge,
      method: 'totp',
      code: nextCode(secret),
    });
  async function mailTo(email: string): Promise<{ subject: string; text: string }[]> {
    return (
      await deployment()
        .visitor()
        .get(`/sandbox/mailbox?to=${encodeURIComponent(email)}`, { Accept: 'application/json' })
    ).body.items;
  }
  const about = async (email: string, subject: RegExp) =>
    (await mailTo(email)).filter((mail) => subject.test(mail.subject));
  const undoOf = ({ text }: { text: string }) => /#token=([\w-]+)/.exec(text)?.[1];
  const actionsOf = async (visitor: Visitor) =>
    (await visitor.get('/api/account/activity')).body.items.map(
      ({ action }: { action: string }) => action,
    );

  it('are removed after 72 hours and notices everywhere; the first proof then signs in once without them', async () => {
    const { visitor, email } = await owner();
    const { opensAt } = await asked(email);
    expect(Math.round((Date.parse(opensAt) - deployment().clock.now().getTime()) / hour)).toBe(72);
    expect(await about(email, /asked to remove your second factors/)).toHaveLength(1);
    expect((await visitor.get('/api/factors')).body.recovery).toMatchObject({
      opensAt,
      usedAt: null,
    });
    expect(await actionsOf(visitor)).toContain('factor.recovery-begun');

    deployment().clock.move(72 * hour - minute);
    expect((await signIn(email)).answer.body, 'a minute early').toHaveProperty('challenge');
    deployment().clock.move(minute);
    const { visitor: back, answer } = await signIn(email);
    expect([answer.status, answer.body.user?.email]).toEqual([200, email]);
    expect((await back.get('/api/factors')).body).toMatchObject({
      items: [],
      recoveryCodesLeft: 0,
      recovery: { usedAt: expect.any(String) },
    });
    expect(await about(email, /factors were removed/)).toHaveLength(1);
    expect(await actionsOf(back)).toContain('factor.recovered');
    expect((await back.get('/api/account/export')).body.secondFactorRecovery).toMatchObject({
      opensAt,
    });

    const { body } = await back.post('/api/factors/totp');
    expect(
      (
        await back.post('/api/factors/totp/confirm', {
          id: body.factor.id,
          code: nextCode(body.secret),
        })
      ).status,
      'a fresh sign-in may enrol',
    ).toBe(200);
    expect((await back.get('/api/factors')).body.recovery).toBeNull();
    expect((await signIn(email)).answer.body, 'the new factor is asked for').toHaveProperty(
      'challenge',
    );
  });

  it('an attacker with the password alone starts a recovery, and the owner cancels it: by email, from a session, with a factor', async () => {
    const ways: ((owned: Awaited<ReturnType<typeof owner>>) => Promise<unknown>)[] = [
      async ({ email }) => {
        const [mail] = await about(email, /asked to remove your second factors/);
        const answer = await deployment()
          .visitor()
          .post('/api/account/undo', { token: mail && undoOf(mail) });
        expect(answer.status).toBe(200);
        expect((await signIn(email)).answer.status, 'the attacker’s password is invalid').toBe(401);
      },
      async ({ visitor }) => {
        expect((await visitor.delete('/api/recovery/factors')).status).toBe(204);
      },
      async ({ email, secret }) => {
        const { visitor, challenge } = await signIn(email);
        expect(
          (
            await visitor.post('/api/sign-in/second-factor', {
              challenge,
              method: 'totp',
              code: nextCode(secret),
            })
          ).status,
        ).toBe(200);
      },
      async ({ visitor, secret }) =>
        expect(
          (await visitor.post('/api/session/confirm', { method: 'totp', code: nextCode(secret) }))
            .status,
        ).toBe(200),
    ];
    const owners = [];
    for (const stop of ways) {
      const owned = await owner();
      // The undo link about adding the factor has expired by now. Otherwise the undo would also remove the factor.
      deployment().clock.move(8 * day);
      await owned.visitor
        .post('/api/sign-in', { email: owned.email, password: goodPassword })
        .then(({ body }) => finishWithFactor(owned, body.challenge.id));
      await asked(owned.email);
      await stop(owned);
      owners.push(owned.email);
    }
    deployment().clock.move(72 * hour);
    const { store } = deployment().services;
    for (const email of owners) {
      expect((await signIn(email)).answer.body).not.toHaveProperty('user');
      const account = await store.findAccountByEmail(email);
      expect((await store.factorsOf(account?.id ?? '')).factors).toHaveLength(1);
    }
  });

  it('tell the owner by email, activity and app what cancelled a recovery, once, until the owner closes the notice', async () => {
    type Owner = Awaited<ReturnType<typeof owner>>;
    const signInWithApp = async (owned: Owner) => {
      const { visitor, challenge } = await signIn(owned.email);
      expect((await finishWithFactor({ ...owned, visitor }, challenge)).status).toBe(200);
      return visitor;
    };
    const stops: Record<string, (owned: Owner) => Promise<Visitor>> = {
      'a sign-in with a factor': signInWithApp,
      'a re-authentication with a factor': async ({ visitor, secret }) => {
        expect(
          (await visitor.post('/api/session/confirm', { method: 'totp', code: nextCode(secret) }))
            .status,
        ).toBe(200);
        return visitor;
      },
      'another factor': async ({ visitor }) => {
        const { body } = await visitor.post('/api/factors/totp');
        expect(
          (
            await visitor.post('/api/factors/totp/confirm', {
              id: body.factor.id,
              code: nextCode(body.secret),
            })
          ).status,
        ).toBe(200);
        return visitor;
      },
      'the button': async ({ visitor }) => {
        expect((await visitor.delete('/api/recovery/factors')).status).toBe(204);
        return visitor;
      },
    };
    for (const [what, stop] of Object.entries(stops)) {
      const owned = await owner();
      await asked(owned.email);
      const visitor = await stop(owned);
      const mails = await about(owned.email, /recovery of your second factors was stopped/);
      expect(mails, what).toHaveLength(1);
      expect(mails[0]?.text, what).toMatch(/Change your password/);
      expect(
        (await actionsOf(visitor)).filter((action: string) => action === 'factor.recovery-stopped'),
        what,
      ).toHaveLength(1);
      expect((await visitor.get('/api/factors')).body.recovery, what).toMatchObject({
        stoppedAt: expect.any(String),
        usedAt: null,
      });
      expect(
        (await visitor.get('/api/account/export')).body.secondFactorRecovery,
        what,
      ).toMatchObject({ stoppedAt: expect.any(String) });
      expect(
        (await visitor.delete('/api/recovery/factors')).status,
        `${what}, and then the button`,
      ).toBe(204);
      await signInWithApp(owned);
      expect(
        await about(owned.email, /recovery of your second factors was stopped/),
        `${what}, and nothing more is said`,
      ).toHaveLength(1);
      deployment().clock.move(7 * day);
      expect(
        (await (await signInWithApp(owned)).get('/api/factors')).body.recovery,
        what,
      ).toBeNull();
    }
  });

  it('show no cancelled recovery after a password change, and the link in the email secures the account', async () => {
    const owned = await owner();
    await asked(owned.email);
    await owned.visitor.delete('/api/recovery/factors');
    const changed = await owned.visitor.post('/api/account/password', {
      current: goodPassword,
      next: 'other rivers carry new maps',
    });
    expect(changed.status).toBe(200);
    expect((await owned.visitor.get('/api/factors')).body.recovery).toBeNull();
    const [mail] = await about(owned.email, /recovery of your second factors was stopped/);
    expect(
      (
        await deployment()
          .visitor()
          .post('/api/account/undo', { token: mail && undoOf(mail) })
      ).status,
    ).toBe(200);
    expect(
      (await signIn(owned.email, undefined, 'other rivers carry new maps')).answer.status,
    ).toBe(401);
  });

  it('are kept by the button only after a recent re-authentication, which cancels the recovery', async () => {
    const { visitor, email, secret } = await owner();
    await asked(email);
    expect((await visitor.delete('/api/recovery/factors')).status, 'just confirmed').toBe(204);
    deployment().clock.move(11 * minute);
    await asked(email);
    expect((await visitor.delete('/api/recovery/factors')).body.type).toBe(
      '/problems/confirmation-required',
    );
    expect((await visitor.get('/api/factors')).body.recovery).toMatchObject({ stoppedAt: null });
    expect(
      (await visitor.post('/api/session/confirm', { method: 'totp', code: nextCode(secret) }))
        .status,
    ).toBe(200);
    expect((await visitor.delete('/api/recovery/factors')).status).toBe(204);
    expect(
      (await (await owner()).visitor.delete('/api/recovery/factors')).status,
      'none was begun',
    ).toBe(404);
  });

  it('have a waiting period that repeated and concurrent requests do not shorten, and that a reset by email ends', async () => {
    const { email } = await owner();
    const { visitor, challenge, opensAt } = await asked(email);
    const again = await Promise.all([
      ask(visitor, challenge),
      ask(visitor, challenge),
      asked(email),
      asked(email),
    ]);
    expect(
      new Set(again.map((answer) => ('opensAt' in answer ? answer.opensAt : answer.body.opensAt))),
    ).toEqual(new Set([opensAt]));
    expect(await about(email, /asked to remove your second factors/), 'and one mail').toHaveLength(
      1,
    );

    deployment().clock.move(71 * hour);
    const anew = deployment().visitor();
    const { body } = await anew.post('/api/recovery', { email });
    const password = 'other rivers carry new maps';
    expect(
      (
        await anew.post('/api/recovery/complete', {
          challenge: body.challenge.id,
          code: await anew.codeFor(email),
          password,
        })
      ).status,
    ).toBe(200);
    deployment().clock.move(hour);
    expect(
      (await signIn(email, undefined, password)).answer.body,
      'who set a new password begins the wait again',
    ).toHaveProperty('challenge');
  });

  it('start at most three recoveries a day, however often they are cancelled', async () => {
    const { visitor, email } = await owner();
    for (let turn = 0; turn < 3; turn += 1) {
      await asked(email);
      await visitor.delete('/api/recovery/factors');
    }
    const { visitor: stranger, challenge } = await signIn(email);
    expect((await ask(stranger, challenge)).status).toBe(429);
    expect(await about(email, /asked to remove your second factors/)).toHaveLength(3);
  });

  it('can be reported only in the middle of a sign-in, with the problems of every challenge', async () => {
    const { email, secret } = await owner();
    const stranger = deployment().visitor();
    expect((await ask(stranger, 'none')).status).toBe(404);
    const { body } = await stranger.post('/api/recovery', { email });
    expect((await ask(stranger, body.challenge.id)).body.type).toBe('/problems/wrong-purpose');
    const { visitor, challenge } = await signIn(email);
    await visitor.post('/api/sign-in/second-factor', {
      challenge,
      method: 'totp',
      code: nextCode(secret),
    });
    expect((await ask(stranger, challenge)).body, 'spent').toMatchObject({
      status: 410,
      type: '/problems/challenge-over',
    });
    const late = await signIn(email);
    deployment().clock.move(10 * minute);
    expect((await ask(late.visitor, late.challenge)).status, 'expired').toBe(410);
    expect((await stranger.delete('/api/recovery/factors')).status).toBe(401);
    expect(await about(email, /asked to remove your second factors/)).toHaveLength(0);
  });

  it('have a recovery that expires seven days after the request, together with the link that cancels it', async () => {
    const { email } = await owner();
    await asked(email);
    deployment().clock.move(7 * day);
    expect((await signIn(email)).answer.body).toHaveProperty('challenge');
    const { opensAt } = await asked(email);
    expect(Date.parse(opensAt)).toBeGreaterThan(deployment().clock.now().getTime() + 71 * hour);
  });

  it('are removed once for concurrent requests', async () => {
    const { email } = await owner();
    await asked(email);
    deployment().clock.move(72 * hour);
    const answers = await Promise.all(Array.from({ length: 3 }, () => signIn(email)));
    expect(answers.every(({ answer }) => answer.body.user?.email === email)).toBe(true);
    expect(await about(email, /factors were removed/)).toHaveLength(1);
  });
});
