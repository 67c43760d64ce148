import { expect, it } from 'vitest';
import { deployed } from '../../test/deployment.ts';
import { onBothStores } from '../../test/on-both-stores.ts';
import { goodPassword, wrongCode, type Visitor } from '../../test/visitor.ts';
import { minute, day } from '../clock.ts';

const otherPassword = 'seven lamps along the harbour';

onBothStores('the user’s own account', (database) => {
  const deployment = deployed(database);
  let made = 0;
  async function member() {
    const visitor = deployment().visitor();
    const email = `owner${(made += 1)}@example.org`;
    await visitor.join(email, goodPassword, 'Ada Lovelace');
    return { visitor, email };
  }
  const signIn = (visitor: Visitor, email: string, password: string) =>
    visitor.post('/api/sign-in', { email, password });
  const mailTo = async (email: string) =>
    (
      await deployment()
        .visitor()
        .get(`/sandbox/mailbox?to=${email}`, { Accept: 'application/json' })
    ).body.items;
  const undoTokenFor = async (email: string) => {
    const [link] = (await mailTo(email)).flatMap(
      ({ text }: { text: string }) => /undo#token=([\w-]+)/.exec(text)?.[1] ?? [],
    );
    return link;
  };
  async function startRecovery(email: string) {
    const { status, body } = await deployment().visitor().post('/api/recovery', { email });
    expect(status).toBe(202);
    return body.challenge;
  }

  it('counts the events on each of the last thirty days', async () => {
    const { visitor } = await member();
    await visitor.send('PATCH', '/api/account', { name: 'Ada' });
    const { items } = (await visitor.get('/api/account/activity/days')).body;
    const today = deployment().clock.now().toISOString().slice(0, 10);
    expect([items.length, items.at(-1).day, items.at(-1).events > 1, items[0].events]).toEqual([
      30,
      today,
      true,
      0,
    ]);
    const all = (await visitor.get('/api/account/activity')).body.items;
    expect(items.at(-1).events).toBe(all.length);
    expect((await deployment().visitor().get('/api/account/activity/days')).status).toBe(401);
  });

  it('is recovered by a code: every session ends, none begins, and the old password stops working', async () => {
    const { visitor, email } = await member();
    const challenge = await startRecovery(email);
    expect(challenge).toMatchObject({ purpose: 'recover', attemptsLeft: 5, sentTo: email });
    const stranger = deployment().visitor();
    const done = await stranger.post('/api/recovery/complete', {
      challenge: challenge.id,
      code: await visitor.codeFor(email),
      password: otherPassword,
    });
    expect([done.status, done.body, stranger.cookies.size]).toEqual([200, {}, 0]);
    expect((await visitor.get('/api/session')).status).toBe(401);
    expect((await signIn(stranger, email, goodPassword)).status).toBe(401);
    expect((await signIn(stranger, email, otherPassword)).status).toBe(200);
    expect((await mailTo(email))[0].subject).toMatch(/new device|password was reset/);
  });

  it('is recovered by the right code only, in five attempts, and only with a code for recovery', async () => {
    const { visitor, email } = await member();
    const challenge = await startRecovery(email);
    const right = await visitor.codeFor(email);
    const complete = (code: string, id = challenge.id, password = otherPassword) =>
      visitor.post('/api/recovery/complete', { challenge: id, code, password });
    expect(
      (await visitor.post(`/api/challenges/${challenge.id}/verify`, { code: right })).body.type,
    ).toBe('/problems/wrong-purpose');
    const signUp = await visitor.post('/api/sign-up', {
      email: `other-${email}`,
      password: goodPassword,
      name: 'Ada',
    });
    expect((await complete(right, signUp.body.challenge.id)).body.type).toBe(
      '/problems/wrong-purpose',
    );
    for (const weak of ['short', 'Ada Lovelace flowcept', email])
      expect((await complete(right, challenge.id, weak)).body.errors?.[0].path).toBe('password');
    // Validation rejects a password that is too short before anything is compared. The other two each cost an attempt.
    for (const attemptsLeft of [2, 1, 0])
      expect((await complete(wrongCode(right))).body.attemptsLeft).toBe(attemptsLeft);
    expect((await complete(right)).status).toBe(410);
    expect((await signIn(visitor, email, goodPassword)).status).toBe(200);
  });

  it('a recovery does not reveal whether an address has an account', async () => {
    const unknown = 'nobody@example.org';
    const challenge = await startRecovery(unknown);
    expect(Object.keys(challenge)).toEqual([
      'id',
      'purpose',
      'expiresAt',
      'attemptsLeft',
      'sentTo',
    ]);
    const guess = await deployment().visitor().post('/api/recovery/complete', {
      challenge: challenge.id,
      code: '123456',
      password: otherPassword,
    });
    expect([guess.status, guess.body.attemptsLeft]).toEqual([422, 4]);
    expect((await mailTo(unknown))[0].subject).toBe(
      'Flowcept: There is no account with this email address',
    );
  });

  it('can be recovered at once by its owner after a stranger’s guesses locked it, and the owner is notified', async () => {
    const { email } = await member();
    const guesser = deployment().visitor();
    for (let wrong = 0; wrong < 10; wrong += 1) await signIn(guesser, email, 'no');
    expect((await signIn(deployment().visitor(), email, goodPassword)).status).toBe(429);
    await expect
      .poll(async () => (await mailTo(email))[0].subject)
      .toBe('Flowcept: Too many incorrect passwords for your account');
    const challenge = await startRecovery(email);
    const visitor = deployment().visitor();
    await visitor.post('/api/recovery/complete', {
      challenge: challenge.id,
      code: await visitor.codeFor(email),
      password: otherPassword,
    });
    expect((await signIn(deployment().visitor(), email, otherPassword)).status).toBe(200);
  });

  it('a password change needs the current password, renews this session, ends all others and is notified by email', async () => {
    const { visitor, email } = await member();
    const elsewhere = deployment().visitor();
    await signIn(elsewhere, email, goodPassword);
    const before = visitor.cookies.get('flowcept');
    const wrong = await visitor.post('/api/account/password', {
      current: 'no',
      next: otherPassword,
    });
    expect([wrong.status, wrong.body.type]).toEqual([401, '/problems/wrong-credentials']);
    const weak = await visitor.post('/api/account/password', {
      current: goodPassword,
      next: 'Lovelace flowcept',
    });
    expect([weak.status, weak.body.errors[0].path]).toEqual([422, 'next']);
    expect(
      (await visitor.post('/api/account/password', { current: goodPassword, next: otherPassword }))
        .status,
    ).toBe(200);
    expect(visitor.cookies.get('flowcept')).not.toBe(before);
    expect((await visitor.get('/api/session')).status).toBe(200);
    expect((await elsewhere.get('/api/session')).status).toBe(401);
    expect((await mailTo(email)).map(({ subject }: { subject: string }) => subject)).toContain(
      'Flowcept: Your password was changed',
    );
  });

  it('a password change to the same password is rejected, and changes nothing', async () => {
    const { visitor } = await member();
    const { session: before } = (await visitor.get('/api/session')).body;
    const same = await visitor.post('/api/account/password', {
      current: goodPassword,
      next: goodPassword,
    });
    expect([same.status, same.body.errors?.[0].path]).toEqual([422, 'next']);
    deployment().clock.move(11 * 60_000);
    expect(
      (await visitor.post('/api/account/password', { current: goodPassword, next: otherPassword }))
        .status,
    ).toBe(200);
    const { session: after } = (await visitor.get('/api/session')).body;
    expect(after).toMatchObject({ createdAt: before.createdAt, confirmedAt: before.confirmedAt });
    expect(after.id).not.toBe(before.id);
    expect((await visitor.delete('/api/account')).body.type).toBe(
      '/problems/confirmation-required',
    );
  });

  it('“this wasn’t me” secures the account once: all sessions end, and the password is invalid until it is reset', async () => {
    const { visitor, email } = await member();
    await visitor.post('/api/account/password', { current: goodPassword, next: otherPassword });
    const token = await undoTokenFor(email);
    const owner = deployment().visitor();
    expect((await owner.post('/api/account/undo', { token })).status).toBe(200);
    expect((await visitor.get('/api/session')).status).toBe(401);
    expect((await signIn(owner, email, otherPassword)).status).toBe(401);
    expect((await owner.post('/api/account/undo', { token })).body.type).toBe('/problems/gone');
    const challenge = await startRecovery(email);
    expect(
      (
        await owner.post('/api/recovery/complete', {
          challenge: challenge.id,
          code: await owner.codeFor(email),
          password: goodPassword,
        })
      ).status,
    ).toBe(200);
    expect((await signIn(owner, email, goodPassword)).status).toBe(200);
  });

  it('the owner is notified of a sign-in from a new device, and not of one from a known device', async () => {
    const { email, visitor } = await member();
    const newDevices = async () =>
      (await mailTo(email)).filter(({ subject }: { subject: string }) =>
        subject.includes('new device'),
      ).length;
    await signIn(visitor, email, goodPassword);
    expect(await newDevices()).toBe(0);
    await signIn(deployment().visitor(), email, goodPassword);
    expect(await newDevices()).toBe(1);
  });

  it('re-authentication by password gives the session a new value', async () => {
    const { visitor } = await member();
    const before = visitor.cookies.get('flowcept');
    deployment().clock.move(minute);
    const { body: earlier } = await visitor.get('/api/session');
    expect((await visitor.post('/api/session/confirm', { password: 'no' })).body.type).toBe(
      '/problems/wrong-credentials',
    );
    const confirmed = await visitor.post('/api/session/confirm', { password: goodPassword });
    expect([confirmed.status, confirmed.body.session.id]).toEqual([200, earlier.session.id]);
    expect(Date.parse(confirmed.body.session.confirmedAt)).toBeGreaterThan(
      Date.parse(earlier.session.confirmedAt),
    );
    expect(
      (
        await deployment()
          .visitor()
          .get('/api/session', { Cookie: `flowcept=${before}` })
      ).status,
    ).toBe(401);
    expect((await visitor.get('/api/session')).status).toBe(200);
  });

  it('wrong passwords in a stolen session are limited to ten', async () => {
    const { visitor } = await member();
    for (let wrong = 0; wrong < 10; wrong += 1)
      expect((await visitor.post('/api/session/confirm', { password: 'no' })).status).toBe(401);
    expect((await visitor.post('/api/session/confirm', { password: goodPassword })).status).toBe(
      429,
    );
    expect(
      (await visitor.post('/api/account/password', { current: goodPassword, next: otherPassword }))
        .status,
    ).toBe(429);
  });

  it('a new name is stored without control characters', async () => {
    const { visitor } = await member();
    expect(
      (await visitor.send('PATCH', '/api/account', { name: '  Ada 👩‍🚀 King ' })).body.user.name,
    ).toBe('Ada 👩‍🚀 King');
    for (const name of ['', 'a\u0000b', 'a\u202eb', 'x'.repeat(101), 'a\nb']) {
      expect((await visitor.send('PATCH', '/api/account', { name })).status).toBe(422);
    }
    expect(
      (await visitor.send('PATCH', '/api/account', { name: 'Ada', operator: true })).status,
    ).toBe(422);
  });

  it('activity is recorded for the account owner alone', async () => {
    const { visitor, email } = await member();
    const other = await member();
    await visitor.send('PATCH', '/api/account', { name: 'Ada King' });
    await visitor.post('/api/account/password', { current: goodPassword, next: otherPassword });
    const { body } = await visitor.get('/api/account/activity');
    expect(body.items.map(({ action }: { action: string }) => action)).toEqual([
      'password.changed',
      'account.renamed',
      'session.begun',
      'account.created',
    ]);
    expect(body.items[0]).toMatchObject({
      summary: 'Password changed',
      address: visitor.address,
      device: 'Chrome on Linux',
    });
    const page = await visitor.get('/api/account/activity?limit=2');
    const rest = await visitor.get(`/api/account/activity?limit=3&after=${page.body.next}`);
    expect([...page.body.items, ...rest.body.items]).toEqual(body.items);
    expect((await other.visitor.get('/api/account/activity')).body.items).toHaveLength(2);
    expect(JSON.stringify(body)).not.toContain(email);
  });

  it('activity within one millisecond is listed in the order in which it happened', async () => {
    const { clock } = deployment();
    clock.stop();
    const { visitor, email } = await member();
    await visitor.send('PATCH', '/api/account', { name: 'Ada King' });
    await visitor.post('/api/account/password', { current: goodPassword, next: otherPassword });
    await visitor.send('PATCH', '/api/account', { name: 'Ada' });
    const { body } = await visitor.get('/api/account/activity');
    const subjects = (await mailTo(email)).map(({ subject }: { subject: string }) => subject);
    clock.start();
    expect(body.items.map(({ action }: { action: string }) => action)).toEqual([
      'account.renamed',
      'password.changed',
      'account.renamed',
      'session.begun',
      'account.created',
    ]);
    expect(subjects.at(-1)).toMatch(/verification code/);
  });

  it('activity is filtered by kind and days, in pages', async () => {
    const { visitor, email } = await member();
    await visitor.send('PATCH', '/api/account', { name: 'Ada King' });
    deployment().clock.move(8 * day);
    await signIn(visitor, email, goodPassword);
    for (const name of ['Ada', 'Ada Lovelace'])
      await visitor.send('PATCH', '/api/account', { name });
    const actions = async (query: string) =>
      (await visitor.get(`/api/account/activity?${query}`)).body.items.map(
        ({ action }: { action: string }) => action,
      );
    expect(await actions('kind=session')).toEqual(['session.begun', 'session.begun']);
    expect(await actions('days=7')).toEqual([
      'account.renamed',
      'account.renamed',
      'session.begun',
    ]);
    expect(await actions('days=30&kind=account')).toEqual([
      'account.renamed',
      'account.renamed',
      'account.renamed',
      'account.created',
    ]);
    expect(await actions('days=1&kind=password')).toEqual([]);
    const page = await visitor.get('/api/account/activity?kind=account&limit=3');
    expect(await actions(`kind=account&limit=3&after=${page.body.next}`)).toEqual([
      'account.created',
    ]);
    for (const query of ['kind=everything', 'kind=', 'days=2', 'days=-1', 'kind=session&kind='])
      expect((await visitor.get(`/api/account/activity?${query}`)).status, query).toBe(422);
  });
});
