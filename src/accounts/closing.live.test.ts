import { generateSync } from 'otplib';
import { expect, it } from 'vitest';
import { deployed } from '../../test/deployment.ts';
import { onBothStores } from '../../test/on-both-stores.ts';
import { goodPassword } from '../../test/visitor.ts';
import { minute, day } from '../clock.ts';

onBothStores('closing an account', (database) => {
  const deployment = deployed(database);
  let made = 0;
  async function member() {
    const visitor = deployment().visitor();
    const email = `leaving${(made += 1)}@example.org`;
    await visitor.join(email);
    return { visitor, email };
  }
  const signIn = (email: string) =>
    deployment().visitor().post('/api/sign-in', { email, password: goodPassword });

  it('ends every session, and a user who knows the password can restore the account', async () => {
    const { visitor, email } = await member();
    const elsewhere = deployment().visitor();
    await elsewhere.post('/api/sign-in', { email, password: goodPassword });
    const closed = await visitor.delete('/api/account');
    expect([closed.status, closed.headers.get('clear-site-data')]).toEqual([202, '"storage"']);
    const days = (Date.parse(closed.body.erasedAt) - deployment().clock.now().getTime()) / day;
    expect(days).toBeCloseTo(14, 2);
    for (const one of [visitor, elsewhere])
      expect((await one.get('/api/session')).status).toBe(401);

    const wrong = await deployment()
      .visitor()
      .post('/api/sign-in', { email, password: 'not the password at all' });
    expect(wrong.body.type, 'told to no other caller').toBe('/problems/wrong-credentials');
    const refused = await signIn(email);
    expect([refused.status, refused.body.type, refused.body.erasedAt]).toEqual([
      403,
      '/problems/account-closing',
      closed.body.erasedAt,
    ]);
    expect(refused.headers.getSetCookie()).toEqual([]);

    const reopen = () =>
      deployment().visitor().post('/api/account/reopen', { token: refused.body.reopen });
    expect((await reopen()).status).toBe(200);
    expect((await reopen()).status).toBe(410);
    expect((await signIn(email)).status).toBe(200);
  });

  it('never counts a right second factor as a wrong one, however often the account is restored', async () => {
    const { visitor, email } = await member();
    const { body: app } = await visitor.post('/api/factors/totp');
    const code = () => {
      deployment().clock.move(minute / 2);
      const epoch = Math.floor(deployment().clock.now().getTime() / 1_000);
      return generateSync({ secret: app.secret, epoch });
    };
    const { body: added } = await visitor.post('/api/factors/totp/confirm', {
      id: app.factor.id,
      code: code(),
    });
    await visitor.delete('/api/account');
    const proofs = added.recoveryCodes.map((one: string) => ({
      method: 'recovery-code',
      code: one,
    }));
    const answers = [];
    for (const proof of [...proofs, { method: 'totp', code: code() }]) {
      const { body } = await signIn(email);
      answers.push(
        await deployment()
          .visitor()
          .post('/api/sign-in/second-factor', { challenge: body.challenge.id, ...proof }),
      );
    }
    expect(answers.map(({ body }) => body.type)).toEqual(
      Array.from({ length: 11 }, () => '/problems/account-closing'),
    );
    const last = answers.at(-1)?.body.reopen;
    expect((await deployment().visitor().post('/api/account/reopen', { token: last })).status).toBe(
      200,
    );
  });

  it('accepts each code of an authenticator app once: a used one does not restore the account', async () => {
    const { visitor, email } = await member();
    const { body: app } = await visitor.post('/api/factors/totp');
    const codeNow = () =>
      generateSync({
        secret: app.secret,
        epoch: Math.floor(deployment().clock.now().getTime() / 1_000),
      });
    await visitor.post('/api/factors/totp/confirm', { id: app.factor.id, code: codeNow() });
    deployment().clock.move(minute / 2);
    const code = codeNow();
    await visitor.delete('/api/account');
    const halves = await Promise.all(Array.from({ length: 3 }, () => signIn(email)));
    const finish = async (challenge: string) =>
      (
        await deployment()
          .visitor()
          .post('/api/sign-in/second-factor', { challenge, method: 'totp', code })
      ).body;
    const answers = await Promise.all(halves.map(({ body }) => finish(body.challenge.id)));
    expect(answers.map(({ type }) => type).toSorted()).toEqual([
      '/problems/account-closing',
      '/problems/wrong-code',
      '/problems/wrong-code',
    ]);
    const token = answers.find(({ reopen }) => reopen)?.reopen;
    const reopen = () => deployment().visitor().post('/api/account/reopen', { token });
    expect([(await reopen()).status, (await reopen()).status]).toEqual([200, 410]);
    await visitor.post('/api/sign-in', { email, password: goodPassword });
    expect((await finish((await signIn(email)).body.challenge.id)).type).toBe(
      '/problems/wrong-code',
    );
  });

  it('requires re-authentication and a session', async () => {
    const { visitor } = await member();
    deployment().clock.move(10 * minute);
    expect((await visitor.delete('/api/account')).body.type).toBe(
      '/problems/confirmation-required',
    );
    expect((await deployment().visitor().delete('/api/account')).status).toBe(401);
  });

  it('notifies the account owner, whose “this wasn’t me” keeps the account', async () => {
    const { visitor, email } = await member();
    await visitor.delete('/api/account');
    const { body } = await visitor.get(`/sandbox/mailbox?to=${encodeURIComponent(email)}`, {
      Accept: 'application/json',
    });
    const notice = body.items.find(
      ({ subject }: { subject: string }) =>
        subject === 'Flowcept: Your account is scheduled for deletion',
    );
    const [, token = ''] = /undo#token=([\w-]+)/.exec(notice.text) ?? [];
    expect((await deployment().visitor().post('/api/account/undo', { token })).status).toBe(200);
    const { services, clock } = deployment();
    expect(await services.store.eraseClosed(new Date(clock.now().getTime() + 15 * day))).toBe(0);
  });

  it('erases everything after fourteen days: the address is free, and the old password does not work', async () => {
    const { visitor, email } = await member();
    await visitor.delete('/api/account');
    const { services, clock } = deployment();
    clock.move(14 * day + minute);
    await services.store.eraseClosed(clock.now());
    expect((await signIn(email)).body.type).toBe('/problems/wrong-credentials');
    const again = await deployment().visitor().join(email, 'a slow boat crosses the lake', 'Grace');
    expect(again.body.user).toMatchObject({ email, name: 'Grace' });
  });
});
