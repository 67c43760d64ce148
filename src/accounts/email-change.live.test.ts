import { expect, it } from 'vitest';
import { deployed } from '../../test/deployment.ts';
import { onBothStores } from '../../test/on-both-stores.ts';
import { goodPassword, type Visitor, wrongCode } from '../../test/visitor.ts';
import { minute } from '../clock.ts';

onBothStores('another address', (database) => {
  const deployment = deployed(database);
  let made = 0;
  const newAddress = () => `moving${(made += 1)}@example.org`;

  async function member() {
    const visitor = deployment().visitor();
    const email = newAddress();
    await visitor.join(email);
    return { visitor, email };
  }
  const ask = (visitor: Visitor, email: string) => visitor.post('/api/account/email', { email });
  const verify = (visitor: Visitor, id: string, code: string) =>
    visitor.post(`/api/challenges/${id}/verify`, { code });
  const mailsTo = async (
    visitor: Visitor,
    email: string,
  ): Promise<{ subject: string; text: string }[]> =>
    (
      await visitor.get(`/sandbox/mailbox?to=${encodeURIComponent(email)}`, {
        Accept: 'application/json',
      })
    ).body.items;

  it('becomes the account’s when the code sent there is entered, and not before', async () => {
    const { visitor, email } = await member();
    const next = newAddress();
    const { status, body } = await ask(visitor, next.toUpperCase());
    expect([status, body.challenge]).toMatchObject([
      202,
      { purpose: 'change-email', sentTo: next, attemptsLeft: 5 },
    ]);
    expect((await visitor.get('/api/session')).body.user.email).toBe(email);
    const code = await visitor.codeFor(next);
    expect((await verify(visitor, body.challenge.id, wrongCode(code))).body).toMatchObject({
      type: '/problems/wrong-code',
      attemptsLeft: 4,
    });
    expect((await verify(visitor, body.challenge.id, code)).body.user).toMatchObject({
      email: next,
    });
    const other = deployment().visitor();
    expect((await other.post('/api/sign-in', { email, password: goodPassword })).status).toBe(401);
    expect((await other.post('/api/sign-in', { email: next, password: goodPassword })).status).toBe(
      200,
    );
  });

  it('requires re-authentication', async () => {
    const { visitor } = await member();
    deployment().clock.move(10 * minute);
    expect((await ask(visitor, newAddress())).body).toMatchObject({
      status: 403,
      type: '/problems/confirmation-required',
      methods: ['password'],
    });
    await visitor.post('/api/session/confirm', { password: goodPassword });
    expect((await ask(visitor, newAddress())).status).toBe(202);
  });

  it('that another account has is answered like any other, and its owner is notified', async () => {
    const [one, other] = [await member(), await member()];
    const [free, taken] = [
      await ask(one.visitor, newAddress()),
      await ask(one.visitor, other.email),
    ];
    const shape = ({ status, body }: typeof free) => [
      status,
      Object.keys(body.challenge),
      body.challenge.purpose,
      body.challenge.attemptsLeft,
    ];
    expect(shape(taken)).toEqual(shape(free));
    expect((await mailsTo(one.visitor, other.email))[0]?.subject).toBe(
      'Flowcept: This email address already has an account',
    );
    expect((await verify(one.visitor, taken.body.challenge.id, '123456')).status).toBe(422);
    expect((await one.visitor.get('/api/session')).body.user.email).toBe(one.email);
  });

  it('is answered the same for a second account that requests a taken address (D204)', async () => {
    const [one, second, other] = [await member(), await member(), await member()];
    const [free, taken] = [
      await ask(one.visitor, newAddress()),
      await ask(one.visitor, other.email),
    ];
    const [ofFree, ofTaken] = [
      await verify(second.visitor, free.body.challenge.id, '123456'),
      await verify(second.visitor, taken.body.challenge.id, '123456'),
    ];
    expect([ofTaken.status, ofTaken.body.type]).toEqual([ofFree.status, ofFree.body.type]);
    expect(ofFree.status).toBe(404);
  });

  it('cannot be confirmed with the code without the session, or from another session', async () => {
    const [one, other] = [await member(), await member()];
    const next = newAddress();
    const { body } = await ask(one.visitor, next);
    const code = await one.visitor.codeFor(next);
    expect((await verify(deployment().visitor(), body.challenge.id, code)).status).toBe(401);
    expect((await verify(other.visitor, body.challenge.id, code)).status).toBe(404);
    expect((await verify(one.visitor, body.challenge.id, code)).status).toBe(200);
  });

  it('that was taken in the meantime is a conflict', async () => {
    const { visitor, email } = await member();
    const next = newAddress();
    const { body } = await ask(visitor, next);
    const code = await visitor.codeFor(next);
    await deployment().visitor().join(next);
    const refused = await verify(visitor, body.challenge.id, code);
    expect([refused.status, refused.body.type]).toEqual([409, '/problems/conflict']);
    expect((await visitor.get('/api/session')).body.user.email).toBe(email);
  });

  it('is undone by the notice to the old address, and codes sent to the old address open nothing', async () => {
    const { visitor, email } = await member();
    const stranger = deployment().visitor();
    const recovery = await stranger.post('/api/recovery', { email });
    const recoveryCode = await stranger.codeFor(email);
    const next = newAddress();
    const { body } = await ask(visitor, next);
    await verify(visitor, body.challenge.id, await visitor.codeFor(next));
    const late = await stranger.post('/api/recovery/complete', {
      challenge: recovery.body.challenge.id,
      code: recoveryCode,
      password: 'a slow boat crosses the lake',
    });
    expect(late.status).toBe(410);

    const notice = (await mailsTo(visitor, email)).find(
      ({ subject }) => subject === 'Flowcept: The email address for your account was changed',
    );
    const [, token = ''] = /undo#token=([\w-]+)/.exec(notice?.text ?? '') ?? [];
    expect((await deployment().visitor().post('/api/account/undo', { token })).status).toBe(200);
    expect((await visitor.get('/api/session')).status).toBe(401);
    const owner = deployment().visitor();
    const again = await owner.post('/api/recovery', { email });
    const password = 'a slow boat crosses the lake';
    deployment().clock.move(minute);
    await owner.post('/api/recovery/complete', {
      challenge: again.body.challenge.id,
      code: await owner.codeFor(email),
      password,
    });
    expect((await owner.post('/api/sign-in', { email, password })).body.user).toMatchObject({
      email,
    });
  });

  it('and all other personal data can be exported as a document without secrets', async () => {
    const { visitor, email } = await member();
    const { status, body } = await visitor.get('/api/account/export');
    expect([status, body.user]).toMatchObject([200, { email, name: 'Ada', hasPassword: true }]);
    expect(body).toMatchObject({
      sessions: [{ current: true }],
      secondFactors: [],
      recoveryCodesLeft: 0,
      signInProviders: [],
    });
    expect(body.activity.map(({ action }: { action: string }) => action)).toEqual([
      'session.begun',
      'account.created',
    ]);
    expect(JSON.stringify(body)).not.toMatch(/hmac-sha384|\$2b\$|tokenHash|passwordHash/);
    expect(JSON.stringify(body)).not.toContain(visitor.cookies.get('flowcept'));
    expect((await deployment().visitor().get('/api/account/export')).status).toBe(401);
  });
});
