import { expect, it } from 'vitest';
import { deployed } from '../../test/deployment.ts';
import { onBothStores } from '../../test/on-both-stores.ts';
import { goodPassword, type Visitor, wrongCode } from '../../test/visitor.ts';
import { minute } from '../clock.ts';
import { offerClaim } from './claim-operator.ts';

onBothStores('accounts', (database) => {
  const deployment = deployed(database);
  let made = 0;
  const someone = () => `person${(made += 1)}@example.org`;
  const wrongOf = async (email: string) => wrongCode(await deployment().visitor().codeFor(email));

  it('are created by verifying the address, which also signs in', async () => {
    const visitor = deployment().visitor();
    const email = someone();
    const signUp = await visitor.post('/api/sign-up', {
      email: ` ${email.toUpperCase()} `,
      password: goodPassword,
      name: '  Ada Lovelace ',
    });
    expect(signUp.status).toBe(202);
    expect(signUp.body.challenge).toMatchObject({
      purpose: 'verify-email',
      attemptsLeft: 5,
      sentTo: email,
    });
    expect((await visitor.get('/api/session')).status).toBe(401);

    const verified = await visitor.post(`/api/challenges/${signUp.body.challenge.id}/verify`, {
      code: await visitor.codeFor(email),
    });
    expect(verified.status).toBe(200);
    expect(verified.body).toEqual({
      user: { id: expect.any(String), email, name: 'Ada Lovelace', operator: false },
    });
    const session = await visitor.get('/api/session');
    expect(session.body).toMatchObject({
      user: { email },
      session: { id: expect.any(String), confirmedAt: expect.any(String) },
    });
  });

  it('answer a wrong code with the attempts left, and reject even the right code after five', async () => {
    const visitor = deployment().visitor();
    const email = someone();
    const { body } = await visitor.post('/api/sign-up', {
      email,
      password: goodPassword,
      name: 'Ada',
    });
    const right = await visitor.codeFor(email);
    const path = `/api/challenges/${body.challenge.id}/verify`;
    for (const attemptsLeft of [4, 3, 2, 1, 0]) {
      const guess = await visitor.post(path, { code: wrongCode(right) });
      expect([guess.status, guess.body.type, guess.body.attemptsLeft]).toEqual([
        422,
        '/problems/wrong-code',
        attemptsLeft,
      ]);
    }
    const late = await visitor.post(path, { code: right });
    expect([late.status, late.body.type]).toEqual([410, '/problems/challenge-over']);
  });

  it('count no attempt for a malformed code, and answer 404 for an unknown challenge', async () => {
    const visitor = deployment().visitor();
    const email = someone();
    const { body } = await visitor.post('/api/sign-up', {
      email,
      password: goodPassword,
      name: 'Ada',
    });
    const path = `/api/challenges/${body.challenge.id}/verify`;
    const right = await visitor.codeFor(email);
    for (const code of [
      Number(right),
      [right],
      { $ne: 0 },
      ` ${right} `,
      '١٢٣٤٥٦',
      '12345',
      null,
    ]) {
      const { status, body: problem } = await visitor.post(path, { code });
      expect([status, problem.type]).toEqual([422, '/problems/invalid-fields']);
    }
    expect((await visitor.post('/api/challenges/nope/verify', { code: right })).status).toBe(404);
    expect((await visitor.post(path, { code: right })).status).toBe(200);
    expect((await visitor.post(path, { code: right })).status).toBe(410);
  });

  it('a code expires after ten minutes', async () => {
    const { clock } = deployment();
    const visitor = deployment().visitor();
    const [early, late] = [someone(), someone()];
    const first = await visitor.post('/api/sign-up', {
      email: early,
      password: goodPassword,
      name: 'Ada',
    });
    const second = await visitor.post('/api/sign-up', {
      email: late,
      password: goodPassword,
      name: 'Ada',
    });
    const [codeEarly, codeLate] = [await visitor.codeFor(early), await visitor.codeFor(late)];
    clock.move(10 * minute - 5_000);
    expect(
      (await visitor.post(`/api/challenges/${first.body.challenge.id}/verify`, { code: codeEarly }))
        .status,
    ).toBe(200);
    clock.move(6_000);
    expect(
      (await visitor.post(`/api/challenges/${second.body.challenge.id}/verify`, { code: codeLate }))
        .status,
    ).toBe(410);
    expect((await visitor.post(`/api/challenges/${second.body.challenge.id}/resend`)).status).toBe(
      410,
    );
  });

  it('a resend replaces the code, is refused within a minute, and never restores attempts', async () => {
    const { clock } = deployment();
    const visitor = deployment().visitor();
    const email = someone();
    const { body } = await visitor.post('/api/sign-up', {
      email,
      password: goodPassword,
      name: 'Ada',
    });
    const path = `/api/challenges/${body.challenge.id}`;
    const first = await visitor.codeFor(email);
    const tooSoon = await visitor.post(`${path}/resend`);
    expect([tooSoon.status, Number(tooSoon.headers.get('retry-after'))]).toEqual([
      429,
      expect.closeTo(60, -1),
    ]);

    await visitor.post(`${path}/verify`, { code: await wrongOf(email) });
    clock.move(61_000);
    const again = await visitor.post(`${path}/resend`);
    expect([again.status, again.body.challenge.id, again.body.challenge.attemptsLeft]).toEqual([
      202,
      body.challenge.id,
      5,
    ]);
    const second = await visitor.codeFor(email);
    expect(second).not.toBe(first);
    expect((await visitor.post(`${path}/verify`, { code: first })).status).toBe(422);
    for (let wrong = 2; wrong < 6; wrong += 1)
      await visitor.post(`${path}/verify`, { code: wrongCode(second) });
    clock.move(61_000);
    expect((await visitor.post(`${path}/resend`)).status).toBe(410);
  });

  it('refuse sign-in with an unverified address and return its challenge, even an expired one', async () => {
    const { clock } = deployment();
    const visitor = deployment().visitor();
    const email = someone();
    const { body } = await visitor.post('/api/sign-up', {
      email,
      password: goodPassword,
      name: 'Ada',
    });
    const refused = await visitor.post('/api/sign-in', { email, password: goodPassword });
    expect([refused.status, refused.body.type]).toEqual([403, '/problems/email-unverified']);
    expect(refused.body.challenge.id).toBe(body.challenge.id);
    expect(visitor.cookies.size).toBe(0);

    clock.move(11 * minute);
    const again = await visitor.post('/api/sign-in', { email, password: goodPassword });
    expect(again.body.challenge.id).not.toBe(body.challenge.id);
    expect(
      (
        await visitor.post(`/api/challenges/${again.body.challenge.id}/verify`, {
          code: await visitor.codeFor(email),
        })
      ).status,
    ).toBe(200);
  });

  it('the first user to verify an address gets it: every other sign-up, password and code for it is invalidated', async () => {
    const [owner, stranger] = [deployment().visitor(), deployment().visitor()];
    const email = someone();
    const theirs = await stranger.post('/api/sign-up', {
      email,
      password: 'a strangers long password',
      name: 'Eve',
    });
    const strangersCode = await owner.codeFor(email);
    const own = await owner.post('/api/sign-up', { email, password: goodPassword, name: 'Ada' });
    expect(
      (
        await owner.post(`/api/challenges/${own.body.challenge.id}/verify`, {
          code: await owner.codeFor(email),
        })
      ).status,
    ).toBe(200);
    expect(
      (
        await stranger.post(`/api/challenges/${theirs.body.challenge.id}/verify`, {
          code: strangersCode,
        })
      ).status,
    ).toBe(410);
    expect(
      (await stranger.post('/api/sign-in', { email, password: 'a strangers long password' }))
        .status,
    ).toBe(401);
    expect((await owner.get('/api/session')).body.user.name).toBe('Ada');
  });

  it('answer a sign-up with an existing account’s address like any other, and notify the account owner', async () => {
    const [owner, stranger] = [deployment().visitor(), deployment().visitor()];
    const email = someone();
    await owner.join(email);
    const { status, body } = await stranger.post('/api/sign-up', {
      email,
      password: 'a strangers long password',
      name: 'Eve',
    });
    expect([status, Object.keys(body.challenge)]).toEqual([
      202,
      ['id', 'purpose', 'expiresAt', 'attemptsLeft', 'sentTo'],
    ]);
    const mailbox = await owner.get(`/sandbox/mailbox?to=${email}`, {
      Accept: 'application/json',
    });
    expect(mailbox.body.items[0].subject).toBe('Flowcept: You already have an account');
    expect(mailbox.body.items[0].text).not.toMatch(/^\d{6}$/m);
    const guess = await stranger.post(`/api/challenges/${body.challenge.id}/verify`, {
      code: '123456',
    });
    expect([guess.status, guess.body.attemptsLeft]).toEqual([422, 4]);
    expect(
      (await stranger.post('/api/sign-in', { email, password: 'a strangers long password' })).body
        .type,
    ).toBe('/problems/email-unverified');
    expect((await owner.post('/api/sign-in', { email, password: goodPassword })).status).toBe(200);
  });

  it('an address has at most five open sign-ups', async () => {
    const { clock } = deployment();
    const email = someone();
    const visitor = deployment().visitor();
    const opened = [];
    for (let count = 0; count < 6; count += 1) {
      opened.push(
        (
          await visitor.post('/api/sign-up', {
            email,
            password: `${goodPassword} ${count}`,
            name: 'Ada',
          })
        ).body.challenge?.id,
      );
      if (count === 3) clock.move(60 * minute);
    }
    expect(opened.every(Boolean)).toBe(true);
    expect(
      (await visitor.post(`/api/challenges/${opened[0]}/verify`, { code: '123456' })).status,
    ).toBe(410);
    expect(
      (await visitor.post(`/api/challenges/${opened[4]}/verify`, { code: await wrongOf(email) }))
        .status,
    ).not.toBe(404);
  });

  it('reject common passwords, with an error at the field', async () => {
    const visitor = deployment().visitor();
    const email = 'margaret@example.org';
    const refused = [
      'short',
      'x'.repeat(257),
      'margaret@example.org',
      'Margaret Hamilton!',
      'flowceptmargaret!',
      `broken \ud800 surrogate here`,
    ];
    for (const password of refused) {
      const { status, body } = await visitor.post('/api/sign-up', {
        email,
        password,
        name: 'Margaret Hamilton',
      });
      expect([password, status, body.errors?.[0].path]).toEqual([password, 422, 'password']);
      deployment().clock.move(60 * minute);
    }
  });

  it('compare the whole password: no truncation at 72 bytes, no trimming, no case folding', async () => {
    const visitor = deployment().visitor();
    const email = someone();
    const password = `${'😀'.repeat(40)} Ä`;
    await visitor.join(email, password);
    for (const testInstance of [
      `${'😀'.repeat(18)}${'x'.repeat(24)}`,
      `${password} `,
      password.toLowerCase(),
      '😀'.repeat(40),
    ]) {
      expect((await visitor.post('/api/sign-in', { email, password: testInstance })).status).toBe(
        401,
      );
    }
    expect((await visitor.post('/api/sign-in', { email, password })).status).toBe(200);
  });

  it('ten wrong passwords also block the right one, for a limited time', async () => {
    const { clock } = deployment();
    const [owner, guesser] = [deployment().visitor(), deployment().visitor()];
    const email = someone();
    await owner.join(email);
    for (let wrong = 0; wrong < 10; wrong += 1) {
      expect((await guesser.post('/api/sign-in', { email, password: 'no' })).status).toBe(401);
    }
    const exhausted = await guesser.post('/api/sign-in', { email, password: goodPassword });
    expect([exhausted.status, exhausted.body.type]).toEqual([429, '/problems/rate-limited']);
    expect(Number(exhausted.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(
      (await owner.post('/api/sign-in', { email, password: goodPassword })).status,
      'a device that its owner used before',
    ).toBe(200);
    clock.move(61_000);
    expect((await guesser.post('/api/sign-in', { email, password: goodPassword })).status).toBe(
      200,
    );
  });

  const offeredToken = async () => (await offerClaim(deployment().services)).split('#token=')[1];
  const claimBy = (visitor: Visitor) => (token: string | undefined, email: string) =>
    visitor.post('/api/operators/claim', { token, email, password: goodPassword, name: 'Olga' });

  it('the link from the terminal creates an operator, once', async () => {
    const { clock } = deployment();
    const token = await offeredToken();
    const visitor = deployment().visitor();
    const claim = claimBy(visitor);
    const operator = someone();
    const made = await claim(token, operator);
    expect([made.status, made.body.user.operator]).toEqual([201, true]);
    expect((await visitor.get('/api/session')).body.user.email).toBe(operator);
    expect((await claim(token, someone())).status).toBe(410);
    expect((await claim('nonsense', someone())).status).toBe(410);
    const late = await offeredToken();
    clock.move(31 * minute);
    expect((await claim(late, someone())).status).toBe(410);
    const other = await offeredToken();
    expect((await claim(other, operator)).status).toBe(409);
    expect((await claim(other, someone())).status).toBe(201);
  });

  it('checking the link from the terminal does not use it, and counts as a use of the same rate limit', async () => {
    const { clock } = deployment();
    clock.move(16 * minute);
    const visitor = deployment().visitor();
    const claim = claimBy(visitor);
    const check = (token: string | undefined) =>
      visitor.post('/api/operators/claim/check', { token });
    const expired = await offeredToken();
    clock.move(31 * minute);
    const token = await offeredToken();
    expect([(await check(token)).status, (await check(token)).status]).toEqual([204, 204]);
    expect((await claim(token, someone())).status).toBe(201);
    const problems = [await check(token), await check(expired), await check('nonsense')];
    expect(problems.map(({ status }) => status)).toEqual([410, 410, 410]);
    expect(new Set(problems.map(({ body }) => body.detail)).size).toBe(1);

    const fresh = await offeredToken();
    for (let n = 6; n < 20; n += 1) expect((await check('nonsense')).status).toBe(410);
    expect([(await check(fresh)).status, (await claim(fresh, someone())).status]).toEqual([
      429, 429,
    ]);
  });
});
