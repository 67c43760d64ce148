import { generateSync } from 'otplib';
import { expect, it } from 'vitest';
import { Authenticator, type Ceremony } from '../../attacks/authenticator.ts';
import { goThrough } from '../../test/at-provider.ts';
import { deployed } from '../../test/deployment.ts';
import { onBothStores } from '../../test/on-both-stores.ts';
import { type Answer, goodPassword, type Visitor, wrongCode } from '../../test/visitor.ts';
import { second, minute } from '../clock.ts';

onBothStores('a second factor', (database) => {
  const deployment = deployed(database);
  let made = 0;

  interface Person {
    visitor: Visitor;
    email: string;
  }
  async function member(): Promise<Person> {
    const visitor = deployment().visitor();
    const email = `factor${(made += 1)}@example.org`;
    await visitor.join(email);
    return { visitor, email };
  }
  const codeOf = (secret: string, steps = 0) =>
    generateSync({
      secret,
      epoch: Math.floor(deployment().clock.now().getTime() / second) + 30 * steps,
    });
  /** Moves to the next time step, so that its code is unused. */
  const nextStep = () => deployment().clock.move(30 * second);

  async function withTotp() {
    const person = await member();
    const { body } = await person.visitor.post('/api/factors/totp');
    const added = await person.visitor.post('/api/factors/totp/confirm', {
      id: body.factor.id,
      code: codeOf(body.secret),
    });
    expect(added.status).toBe(200);
    nextStep();
    return {
      ...person,
      secret: body.secret as string,
      factorId: body.factor.id as string,
      recoveryCodes: added.body.recoveryCodes as string[],
    };
  }
  async function withPasskey(person?: Person) {
    const { visitor, email } = person ?? (await member());
    const passkey = new Authenticator();
    const { body } = await visitor.post('/api/factors/passkeys/options', {});
    const answer = await visitor.post('/api/factors/passkeys', {
      response: passkey.create(body.options, ceremony(body.options)),
      name: 'Laptop',
    });
    expect(answer.status).toBe(201);
    return { visitor, email, passkey, added: answer.body };
  }
  const ceremony = ({ challenge }: { challenge: string }, lie?: Ceremony['lie']): Ceremony => ({
    challenge,
    origin: deployment().config.origin,
    ...(lie && { lie }),
  });
  /** Signs in with the correct password and returns the challenge. */
  async function half(email: string, visitor = deployment().visitor()) {
    const answer = await visitor.post('/api/sign-in', { email, password: goodPassword });
    return { visitor, answer, challenge: answer.body.challenge?.id as string };
  }
  const finish = (visitor: Visitor, body: object): Promise<Answer> =>
    visitor.post('/api/sign-in/second-factor', body);
  const isSignedIn = async (visitor: Visitor) => (await visitor.get('/api/session')).status === 200;

  it('is required once its first code was accepted, and then signs in with its code', async () => {
    const { visitor, email } = await member();
    const begun = await visitor.post('/api/factors/totp');
    expect(begun.body).toMatchObject({
      secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
      uri: expect.stringContaining('otpauth://totp/'),
      qr: expect.stringContaining('<svg'),
    });
    expect((await half(email)).answer.body, 'not tried yet').toHaveProperty('user');

    const confirm = (code: string) =>
      visitor.post('/api/factors/totp/confirm', { id: begun.body.factor.id, code });
    expect((await confirm(wrongCode(codeOf(begun.body.secret)))).body).toMatchObject({
      type: '/problems/wrong-code',
      status: 422,
    });
    const added = await confirm(codeOf(begun.body.secret));
    expect(added.body).toMatchObject({
      factor: { type: 'totp', name: 'Authenticator app' },
      recoveryCodes: expect.any(Array),
    });
    expect(new Set(added.body.recoveryCodes).size).toBe(10);
    expect((await visitor.get('/api/factors')).body).toMatchObject({
      items: [{ id: begun.body.factor.id, type: 'totp' }],
      recoveryCodesLeft: 10,
    });

    nextStep();
    const { visitor: other, answer, challenge } = await half(email);
    expect(answer.body).toEqual({
      challenge: {
        id: challenge,
        purpose: 'second-factor',
        expiresAt: expect.any(String),
        attemptsLeft: 5,
      },
      methods: ['totp', 'recovery-code'],
    });
    expect(other.cookies.size, 'half signed in is not signed in').toBe(0);
    const done = await finish(other, {
      challenge,
      method: 'totp',
      code: codeOf(begun.body.secret),
    });
    expect([done.status, done.body.user.email]).toEqual([200, email]);
    expect(await isSignedIn(other)).toBe(true);
  });

  it('is never shown again, and is stored sealed', async () => {
    const { visitor, email, secret, factorId, recoveryCodes } = await withTotp();
    const answers = await Promise.all(
      ['/api/session', '/api/factors', '/api/account/activity'].map((path) => visitor.get(path)),
    );
    expect(JSON.stringify(answers.map(({ body }) => body))).not.toContain(secret);
    const { store } = deployment().services;
    const account = await store.findAccountByEmail(email);
    const kept = JSON.stringify(
      await store.findFactor({ accountId: account?.id ?? '', id: factorId }),
    );
    expect(kept).toContain('s1.t1.');
    expect(kept).not.toContain(secret);
    expect(deployment().logLines().join('\n')).not.toContain(secret);
    expect(recoveryCodes[0]).toMatch(/^([A-Z2-7]{4}-){5}[A-Z2-7]{4}$/);
  });

  it('accepts a time step once: not twice, not concurrently, not the one of the enrolment', async () => {
    const { visitor, email } = await member();
    const { body } = await visitor.post('/api/factors/totp');
    const enrolment = codeOf(body.secret);
    await visitor.post('/api/factors/totp/confirm', { id: body.factor.id, code: enrolment });
    const first = await half(email);
    expect(
      (await finish(first.visitor, { challenge: first.challenge, method: 'totp', code: enrolment }))
        .status,
    ).toBe(422);

    nextStep();
    const code = codeOf(body.secret);
    const rivals = await Promise.all(Array.from({ length: 4 }, () => half(email)));
    const answers = await Promise.all(
      rivals.map(({ visitor: one, challenge }) => finish(one, { challenge, method: 'totp', code })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 422, 422, 422]);
  });

  it('accepts one time step to either side, and no more', async () => {
    const { email, secret } = await withTotp();
    const { visitor, challenge } = await half(email);
    for (const steps of [-2, 2])
      expect(
        (await finish(visitor, { challenge, method: 'totp', code: codeOf(secret, steps) })).status,
      ).toBe(422);
    expect(
      (await finish(visitor, { challenge, method: 'totp', code: codeOf(secret, 1) })).status,
    ).toBe(200);
    const again = await half(email);
    expect(
      (
        await finish(again.visitor, {
          challenge: again.challenge,
          method: 'totp',
          code: codeOf(secret, -1),
        })
      ).status,
      'an earlier step',
    ).toBe(422);
  });

  it('allows five wrong answers to a challenge, and ten for an account', async () => {
    const { email, secret } = await withTotp();
    const wrong = wrongCode(codeOf(secret));
    const { visitor, challenge } = await half(email);
    const left = [];
    for (let tries = 0; tries < 5; tries += 1)
      left.push(
        (await finish(visitor, { challenge, method: 'totp', code: wrong })).body.attemptsLeft,
      );
    expect(left).toEqual([4, 3, 2, 1, 0]);
    expect(
      (await finish(visitor, { challenge, method: 'totp', code: codeOf(secret) })).status,
    ).toBe(410);
    const next = await half(email);
    for (let tries = 0; tries < 5; tries += 1)
      await finish(next.visitor, { challenge: next.challenge, method: 'totp', code: wrong });
    const last = await half(email);
    const refused = await finish(last.visitor, {
      challenge: last.challenge,
      method: 'totp',
      code: codeOf(secret),
    });
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true]);
    deployment().clock.move(15 * minute);
    const after = await half(email);
    expect(
      (
        await finish(after.visitor, {
          challenge: after.challenge,
          method: 'totp',
          code: codeOf(secret),
        })
      ).status,
    ).toBe(200);
  });

  it('is blocked after ten guesses, and its owner gets one email', async () => {
    const { email, secret, visitor: owner } = await withTotp();
    const mail = async () =>
      (await owner.get(`/sandbox/mailbox?to=${email}`, { Accept: 'application/json' })).body.items;
    const told = async () =>
      (await mail()).filter(
        ({ subject }: { subject: string }) =>
          subject === 'Flowcept: Too many failed two-factor attempts for your account',
      ).length;
    const guess = async (tries: number) => {
      const { visitor, challenge } = await half(email);
      for (let nth = 0; nth < tries; nth += 1)
        await finish(visitor, { challenge, method: 'totp', code: wrongCode(codeOf(secret)) });
      return (await finish(visitor, { challenge, method: 'totp', code: codeOf(secret) })).status;
    };
    expect(await guess(5)).toBe(410);
    await guess(4);
    expect(await told(), 'nine were wrong, and one was right').toBe(0);
    expect(await guess(1)).toBe(429);
    await expect.poll(told).toBe(1);
    expect(await guess(1)).toBe(429);
    expect(await told()).toBe(1);
  });

  it('allows five wrong answers to a challenge, also concurrently', async () => {
    const { email, secret } = await withTotp();
    const { visitor, challenge } = await half(email);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        finish(visitor, { challenge, method: 'totp', code: wrongCode(codeOf(secret)) }),
      ),
    );
    expect(answers.filter(({ status }) => status === 422).length).toBeLessThanOrEqual(5);
    expect(await isSignedIn(visitor)).toBe(false);
  });

  it('is rejected for a challenge that is expired, of another purpose or of another account', async () => {
    const [one, other] = [await withTotp(), await withTotp()];
    const { visitor, challenge } = await half(one.email);
    expect(
      (await finish(visitor, { challenge, method: 'totp', code: codeOf(other.secret) })).status,
    ).toBe(422);
    expect(
      (await visitor.post(`/api/challenges/${challenge}/verify`, { code: '123456' })).body.type,
    ).toBe('/problems/wrong-purpose');
    expect((await visitor.post(`/api/challenges/${challenge}/resend`)).body.type).toBe(
      '/problems/wrong-purpose',
    );
    expect(
      (await finish(visitor, { challenge: 'none', method: 'totp', code: '123456' })).status,
    ).toBe(404);
    deployment().clock.move(10 * minute);
    expect(
      (await finish(visitor, { challenge, method: 'totp', code: codeOf(one.secret) })).status,
    ).toBe(410);
  });

  it('is rejected if the password has changed since it was checked', async () => {
    const { visitor, email, secret } = await withTotp();
    const { visitor: intruder, challenge } = await half(email);
    expect(
      (
        await visitor.post('/api/account/password', {
          current: goodPassword,
          next: 'a slow boat crosses the lake',
        })
      ).status,
    ).toBe(200);
    expect(
      (await finish(intruder, { challenge, method: 'totp', code: codeOf(secret) })).status,
    ).toBe(401);
    expect(await isSignedIn(intruder)).toBe(false);
    expect(await isSignedIn(visitor), 'its own session continues without another code').toBe(true);
  });

  it('is still required after a password reset', async () => {
    const { email, secret } = await withTotp();
    const visitor = deployment().visitor();
    const next = 'a slow boat crosses the lake';
    const { body } = await visitor.post('/api/recovery', { email });
    expect(
      (
        await visitor.post('/api/recovery/complete', {
          challenge: body.challenge.id,
          code: await visitor.codeFor(email),
          password: next,
        })
      ).status,
    ).toBe(200);
    const answer = await visitor.post('/api/sign-in', { email, password: next });
    expect(answer.body.methods).toEqual(['totp', 'recovery-code']);
    expect(
      (
        await finish(visitor, {
          challenge: answer.body.challenge.id,
          method: 'totp',
          code: codeOf(secret),
        })
      ).status,
    ).toBe(200);
  });

  it('accepts the right code at once after a password reset, however many wrong ones came before', async () => {
    const { email, secret } = await withTotp();
    for (const tries of [5, 5]) {
      const { visitor, challenge } = await half(email);
      for (let nth = 0; nth < tries; nth += 1)
        await finish(visitor, { challenge, method: 'totp', code: wrongCode(codeOf(secret)) });
    }
    const finishWith = async (password: string) => {
      const visitor = deployment().visitor();
      const { body } = await visitor.post('/api/sign-in', { email, password });
      const { status } = await finish(visitor, {
        challenge: body.challenge.id,
        method: 'totp',
        code: codeOf(secret),
      });
      return status;
    };
    expect(await finishWith(goodPassword)).toBe(429);
    const owner = deployment().visitor();
    const { body } = await owner.post('/api/recovery', { email });
    const password = 'a slow boat crosses the lake';
    const code = await owner.codeFor(email);
    const challenge = body.challenge.id;
    const reset = await owner.post('/api/recovery/complete', { challenge, code, password });
    expect([reset.status, await finishWith(password)]).toEqual([200, 200]);
  });

  it('has ten recovery codes, each valid once, in any usual spelling', async () => {
    const { email, recoveryCodes, visitor } = await withTotp();
    const [code = ''] = recoveryCodes;
    const rivals = await Promise.all(Array.from({ length: 3 }, () => half(email)));
    const answers = await Promise.all(
      rivals.map(({ visitor: one, challenge }) =>
        finish(one, {
          challenge,
          method: 'recovery-code',
          code: ` ${code.toLowerCase().replaceAll('-', ' ')} `,
        }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 422, 422]);
    expect((await visitor.get('/api/factors')).body.recoveryCodesLeft).toBe(9);
    const mails = await visitor.get(`/sandbox/mailbox?to=${encodeURIComponent(email)}`, {
      Accept: 'application/json',
    });
    expect(mails.body.items.map(({ subject }: { subject: string }) => subject)).toContain(
      'Flowcept: A recovery code for your account was used',
    );

    const renewed = await visitor.post('/api/factors/recovery-codes');
    expect([renewed.status, renewed.body.recoveryCodes.length]).toEqual([201, 10]);
    const { visitor: late, challenge } = await half(email);
    expect(
      (await finish(late, { challenge, method: 'recovery-code', code: recoveryCodes[1] })).status,
    ).toBe(422);
    expect(
      (
        await finish(late, {
          challenge,
          method: 'recovery-code',
          code: renewed.body.recoveryCodes[1],
        })
      ).status,
    ).toBe(200);
  });

  it('re-authenticates a session, instead of the password', async () => {
    const { visitor, secret } = await withTotp();
    const confirm = (body: object) => visitor.post('/api/session/confirm', body);
    expect((await confirm({ password: goodPassword })).body).toMatchObject({
      type: '/problems/confirmation-required',
      methods: ['totp', 'recovery-code'],
    });
    deployment().clock.move(11 * minute);
    const change = () => visitor.post('/api/factors/recovery-codes');
    expect((await change()).body).toMatchObject({
      status: 403,
      type: '/problems/confirmation-required',
      methods: ['totp', 'recovery-code'],
    });
    expect((await confirm({ method: 'totp', code: wrongCode(codeOf(secret)) })).status).toBe(422);
    expect((await confirm({ method: 'totp', code: codeOf(secret) })).status).toBe(200);
    expect((await change()).status).toBe(201);
  });

  it('is added, renewed or removed only after re-authentication, and never in the middle of a sign-in', async () => {
    const { visitor, email, factorId } = await withTotp();
    deployment().clock.move(11 * minute);
    const attempts: [string, string, object?][] = [
      ['POST', '/api/factors/totp'],
      ['POST', '/api/factors/passkeys/options', {}],
      ['POST', '/api/factors/recovery-codes'],
      ['DELETE', `/api/factors/${factorId}`],
    ];
    for (const [method, path, body] of attempts)
      expect((await visitor.send(method, path, body)).status, path).toBe(403);
    const { visitor: pending } = await half(email);
    for (const [method, path, body] of attempts)
      expect((await pending.send(method, path, body)).status, path).toBe(401);
    expect((await visitor.get('/api/factors')).body.items).toHaveLength(1);
  });

  it('cannot be removed by a browser that signed in before it was added and never gave it (I84)', async () => {
    const { visitor, email } = await member();
    const intruder = deployment().visitor();
    await intruder.post('/api/sign-in', { email, password: goodPassword });
    const cookie = visitor.cookies.get('flowcept');
    deployment().clock.move(second);
    const { body } = await visitor.post('/api/factors/totp');
    await visitor.post('/api/factors/totp/confirm', {
      id: body.factor.id,
      code: codeOf(body.secret),
      keepOtherSessions: true,
    });
    expect((await intruder.delete(`/api/factors/${body.factor.id}`)).body).toMatchObject({
      type: '/problems/confirmation-required',
      methods: ['totp', 'recovery-code'],
    });
    expect((await intruder.post('/api/factors/recovery-codes')).status).toBe(403);
    expect(visitor.cookies.get('flowcept'), 'the session continues under another value').not.toBe(
      cookie,
    );
    expect((await visitor.delete(`/api/factors/${body.factor.id}`)).status).toBe(204);
  });

  it('ends the sessions that never gave one, the first time and by default', async () => {
    const { visitor, email } = await member();
    const other = async () => {
      const browser = deployment().visitor();
      await browser.post('/api/sign-in', { email, password: goodPassword });
      return browser;
    };
    const before = await other();
    const totp = (await visitor.post('/api/factors/totp')).body;
    expect(
      (
        await visitor.post('/api/factors/totp/confirm', {
          id: totp.factor.id,
          code: codeOf(totp.secret),
        })
      ).status,
    ).toBe(200);
    expect([await isSignedIn(visitor), await isSignedIn(before)]).toEqual([true, false]);
    nextStep();
    const { visitor: beside, challenge } = await half(email);
    expect(
      (await finish(beside, { challenge, method: 'totp', code: codeOf(totp.secret) })).status,
    ).toBe(200);
    await withPasskey({ visitor, email });
    expect([await isSignedIn(visitor), await isSignedIn(beside)], 'a second one ends none').toEqual(
      [true, true],
    );
  });

  it('is required of a sign-in whose password was being compared when the factor was added', async () => {
    const { services } = deployment();
    const { passwords } = services;
    const { visitor, email } = await member();
    const thief = deployment().visitor();
    await thief.post('/api/sign-in', { email, password: goodPassword });
    deployment().clock.move(11 * minute);
    await visitor.post('/api/session/confirm', { password: goodPassword });
    const totp = (await visitor.post('/api/factors/totp')).body;
    services.passwords = {
      ...passwords,
      of: () => services.passwords,
      async verify(...given) {
        const isRight = await passwords.verify(...given);
        expect(
          (
            await visitor.post('/api/factors/totp/confirm', {
              id: totp.factor.id,
              code: codeOf(totp.secret),
              keepOtherSessions: true,
            })
          ).status,
        ).toBe(200);
        deployment().clock.move(second);
        return isRight;
      },
    };
    const answer = await thief
      .post('/api/session/confirm', { password: goodPassword })
      .finally(() => (services.passwords = passwords));
    expect(answer.body).toMatchObject({
      type: '/problems/confirmation-required',
      methods: ['totp', 'recovery-code'],
    });
    expect((await thief.delete(`/api/factors/${totp.factor.id}`)).status).toBe(403);
  });

  it('that is added beside another one does not count as re-authentication', async () => {
    const { visitor } = await withTotp();
    const confirmedAt = async () => (await visitor.get('/api/session')).body.session.confirmedAt;
    const before = await confirmedAt();
    deployment().clock.move(5 * minute);
    await withPasskey({ visitor, email: '' });
    expect(await confirmedAt()).toBe(before);
  });

  it('cannot be removed with the password alone: a password change is no re-authentication', async () => {
    const { visitor, factorId, secret } = await withTotp();
    const change = (current: string, next: string) =>
      visitor.post('/api/account/password', { current, next });
    const next = 'another quiet river runs here';
    deployment().clock.move(11 * minute);
    expect((await change(goodPassword, next)).body).toMatchObject({
      type: '/problems/confirmation-required',
      methods: ['totp', 'recovery-code'],
    });
    expect((await visitor.delete(`/api/factors/${factorId}`)).status).toBe(403);
    expect(
      (await visitor.post('/api/session/confirm', { method: 'totp', code: codeOf(secret) })).status,
    ).toBe(200);
    const { session: before } = (await visitor.get('/api/session')).body;
    deployment().clock.move(5 * minute);
    expect((await change(goodPassword, next)).status).toBe(200);
    const { session: after } = (await visitor.get('/api/session')).body;
    expect(after).toEqual({
      ...before,
      id: expect.not.stringMatching(before.id),
      expiresAt: expect.any(String),
    });
    deployment().clock.move(6 * minute);
    expect((await visitor.delete(`/api/factors/${factorId}`)).status).toBe(403);
  });

  it('of another user cannot be removed; removing the user’s own is notified by email', async () => {
    const [one, other] = [await withTotp(), await withTotp()];
    expect((await other.visitor.delete(`/api/factors/${one.factorId}`)).status).toBe(404);
    expect((await one.visitor.delete(`/api/factors/${one.factorId}`)).status).toBe(204);
    expect((await half(one.email)).answer.body).toHaveProperty('user');
    const mails = await one.visitor.get(`/sandbox/mailbox?to=${encodeURIComponent(one.email)}`, {
      Accept: 'application/json',
    });
    expect(mails.body.items.map(({ subject }: { subject: string }) => subject)).toContain(
      'Flowcept: An authenticator app was removed from your account',
    );
  });

  it('that an intruder added is removed by the owner’s “this wasn’t me”', async () => {
    const { visitor, email } = await withTotp();
    const mails = await visitor.get(`/sandbox/mailbox?to=${encodeURIComponent(email)}`, {
      Accept: 'application/json',
    });
    const notice = mails.body.items.find(
      ({ subject }: { subject: string }) =>
        subject === 'Flowcept: An authenticator app was added to your account',
    );
    const [, token = ''] = /undo#token=([\w-]+)/.exec(notice.text) ?? [];
    expect((await deployment().visitor().post('/api/account/undo', { token })).status).toBe(200);
    const { store } = deployment().services;
    const account = await store.findAccountByEmail(email);
    expect(await store.factorsOf(account?.id ?? '')).toEqual({ factors: [], recoveryCodesLeft: 0 });
    expect(await isSignedIn(visitor)).toBe(false);
  });

  it('can be a passkey, as the second factor and as the only one', async () => {
    const { visitor, email, passkey, added } = await withPasskey();
    expect(added).toMatchObject({
      factor: { type: 'passkey', name: 'Laptop' },
      recoveryCodes: expect.any(Array),
    });
    expect((await visitor.get('/api/factors')).body.items).toHaveLength(1);

    const { visitor: other, answer, challenge } = await half(email);
    expect(answer.body.methods).toEqual(['passkey', 'recovery-code']);
    const { body } = await other.post('/api/sign-in/second-factor/passkey/options', { challenge });
    expect(body.options.allowCredentials).toMatchObject([{ id: passkey.id.toString('base64url') }]);
    expect(
      (
        await finish(other, {
          challenge,
          method: 'passkey',
          response: passkey.get(ceremony(body.options)),
        })
      ).status,
    ).toBe(200);

    const alone = deployment().visitor();
    const begun = await alone.post('/api/sign-in/passkey/options', {});
    expect(begun.body.options).toMatchObject({ userVerification: 'required', rpId: 'localhost' });
    const signedIn = await alone.post('/api/sign-in/passkey', {
      response: passkey.get(ceremony(begun.body.options)),
    });
    expect([signedIn.status, signedIn.body.user.email]).toEqual([200, email]);
    expect((await alone.get('/api/sessions')).body.items[0].method).toBe('passkey');
  });

  it('a passkey’s answer is accepted once, in its own ceremony, and only if every part is correct', async () => {
    const { visitor, email, passkey } = await withPasskey();
    const begin = async () => (await visitor.post('/api/sign-in/passkey/options', {})).body.options;
    const present = (response: unknown) =>
      deployment().visitor().post('/api/sign-in/passkey', { response });

    const answer = passkey.get(ceremony(await begin()));
    const replayed = await Promise.all([present(answer), present(answer), present(answer)]);
    expect(replayed.map(({ status }) => status).toSorted()).toEqual([200, 401, 401]);

    const lies: Ceremony['lie'][] = [
      { type: 'webauthn.create' },
      { crossOrigin: true },
      { rpId: 'evil.test' },
      { userHandle: Buffer.from('another user').toString('base64url') },
      { flags: 0x01 },
      { flags: 0x04 },
    ];
    for (const lie of lies)
      expect(
        (await present(passkey.get(ceremony(await begin(), lie)))).status,
        JSON.stringify(lie),
      ).toBe(401);
    expect(
      (
        await present(
          passkey.get({ ...ceremony(await begin()), origin: 'http://localhost.evil.test' }),
        )
      ).status,
    ).toBe(401);
    expect(
      (await present(passkey.get({ ...ceremony(await begin()), challenge: 'bm90IG91cnM' }))).status,
    ).toBe(401);

    const thief = new Authenticator();
    Object.assign(thief, { id: passkey.id, userHandle: passkey.userHandle });
    expect((await present(thief.get(ceremony(await begin())))).status, 'another key').toBe(401);
    const { body } = await visitor.post('/api/factors/passkeys/options', {});
    expect(
      (await present(passkey.get(ceremony(body.options)))).status,
      'a ceremony for registering',
    ).toBe(401);
    const late = passkey.get(ceremony(await begin()));
    deployment().clock.move(5 * minute);
    expect((await present(late)).status, 'too late').toBe(401);
    expect((await half(email)).answer.body).toHaveProperty('challenge');
  });

  it('a passkey signs in alone only if it verifies its user, and did so when it was added or later beside a password', async () => {
    const { visitor, email } = await member();
    const passkey = new Authenticator();
    const made = await visitor.post('/api/factors/passkeys/options', {});
    const answer = await visitor.post('/api/factors/passkeys', {
      response: passkey.create(made.body.options, ceremony(made.body.options, { flags: 0x41 })),
      name: 'Key',
    });
    expect([answer.status, answer.body.factor.signsInAlone]).toEqual([201, false]);
    const alone = async (lie?: Ceremony['lie']) => {
      const other = deployment().visitor();
      const { body } = await other.post('/api/sign-in/passkey/options', {});
      const { status, body: said } = await other.post('/api/sign-in/passkey', {
        response: passkey.get(ceremony(body.options, lie)),
      });
      expect(await isSignedIn(other)).toBe(status === 200);
      return [status, said.type];
    };
    const refused = [401, '/problems/user-verification-required'];
    expect(await alone()).toEqual(refused);

    const beside = async (lie?: Ceremony['lie']) => {
      const { visitor: other, challenge } = await half(email);
      const { body } = await other.post('/api/sign-in/second-factor/passkey/options', {
        challenge,
      });
      return (
        await finish(other, {
          challenge,
          method: 'passkey',
          response: passkey.get(ceremony(body.options, lie)),
        })
      ).status;
    };
    expect(await beside({ flags: 0x01 })).toBe(200);
    expect(await alone(), 'it was the second factor, and verified no user').toEqual(refused);
    const { body } = await visitor.post('/api/session/confirm/passkey/options', {});
    expect(
      (
        await visitor.post('/api/session/confirm', {
          method: 'passkey',
          response: passkey.get(ceremony(body.options)),
        })
      ).status,
    ).toBe(200);
    expect(await alone(), 'nothing else vouched for its user').toEqual(refused);

    expect(await beside()).toBe(200);
    expect((await visitor.get('/api/factors')).body.items).toMatchObject([
      { name: 'Key', signsInAlone: true },
    ]);
    expect(await alone({ flags: 0x01 })).toEqual(refused);
    expect((await alone())[0]).toBe(200);
  });

  it('a passkey whose first user verification was beside a provider does not sign in alone', async () => {
    const visitor = deployment().visitor();
    const email = `there${(made += 1)}@example.org`;
    await goThrough(visitor, 'google', { email });
    const passkey = new Authenticator();
    const begun = await visitor.post('/api/factors/passkeys/options', {});
    await visitor.post('/api/factors/passkeys', {
      response: passkey.create(begun.body.options, ceremony(begun.body.options, { flags: 0x41 })),
      name: 'Key',
    });
    const again = deployment().visitor();
    const { headers } = await goThrough(again, 'google', { email });
    const challenge = /challenge=([\w-]+)/.exec(headers.get('location') ?? '')?.[1];
    const { body } = await again.post('/api/sign-in/second-factor/passkey/options', { challenge });
    expect(
      (
        await finish(again, {
          challenge,
          method: 'passkey',
          response: passkey.get(ceremony(body.options)),
        })
      ).status,
    ).toBe(200);
    expect((await again.get('/api/factors')).body.items).toMatchObject([{ signsInAlone: false }]);
  });

  it('a passkey whose counter goes backwards is rejected as a copy', async () => {
    const { visitor, passkey } = await withPasskey();
    const present = async (counter: number) => {
      const { body } = await visitor.post('/api/sign-in/passkey/options', {});
      return (
        await deployment()
          .visitor()
          .post('/api/sign-in/passkey', {
            response: passkey.get(ceremony(body.options, { counter })),
          })
      ).status;
    };
    expect([await present(5), await present(9)]).toEqual([200, 200]);
    expect(
      [await present(9), await present(2), await present(0)].every(
        (status) => status === 401 || status === 422,
      ),
    ).toBe(true);
    expect(await present(10)).toBe(200);
  });

  it('a passkey is created in the session that started it, for our own origin, and by one account only', async () => {
    const [one, other] = [await withPasskey(), await member()];
    const options = async ({ visitor }: { visitor: Visitor }) =>
      (await visitor.post('/api/factors/passkeys/options', {})).body.options;
    const add = ({ visitor }: { visitor: Visitor }, response: unknown) =>
      visitor.post('/api/factors/passkeys', { response, name: 'Key' });
    const theirs = await options(one);
    expect(
      (await add(other, new Authenticator().create(theirs, ceremony(theirs)))).status,
      'another session’s',
    ).toBe(422);
    const own = await options(other);
    expect(
      (
        await add(
          other,
          new Authenticator().create(own, { ...ceremony(own), origin: 'https://evil.test' }),
        )
      ).status,
    ).toBe(422);
    expect(
      (await add(other, new Authenticator().create(own, ceremony(own)))).status,
      'used up by the wrong one',
    ).toBe(422);
    const again = await options(other);
    expect((await add(other, one.passkey.create(again, ceremony(again)))).status, 'in use').toBe(
      409,
    );
    for (const attestationObject of ['', 'gA', 'A'.repeat(16_000)]) {
      const fresh = await options(other);
      const made = new Authenticator().create(fresh, ceremony(fresh));
      expect(
        (await add(other, { ...made, response: { ...made.response, attestationObject } })).status,
      ).toBe(422);
    }
    const attestations = [
      ...['fido-u2f', 'android-key', 'android-safetynet', 'apple', 'tpm', 'unheard-of'].map(
        (format) => ({ format }),
      ),
      // Null, no certificate, and one of a single byte, in CBOR.
      ...['f6', '80', '814130'].map((x5c) => ({ format: 'packed', x5c: Buffer.from(x5c, 'hex') })),
    ];
    for (const lie of attestations) {
      const fresh = await options(other);
      const made = new Authenticator().create(fresh, ceremony(fresh, lie));
      expect((await add(other, made)).status, JSON.stringify(lie)).toBe(422);
    }
    expect((await other.visitor.get('/api/factors')).body.items).toEqual([]);
  });

  it('a passkey is accepted with self attestation, which browsers leave in place', async () => {
    const { visitor } = await member();
    const { options } = (await visitor.post('/api/factors/passkeys/options', {})).body;
    expect(options.attestation).toBe('none');
    const response = new Authenticator().create(options, ceremony(options, { format: 'packed' }));
    expect((await visitor.post('/api/factors/passkeys', { name: 'Key', response })).status).toBe(
      201,
    );
  });

  it('a passkey is accepted with whatever browsers add or leave out, and keeps its transports', async () => {
    const { visitor } = await member();
    const options = async () =>
      (await visitor.post('/api/factors/passkeys/options', {})).body.options;
    const key = new Authenticator();
    const first = await options();
    const {
      rawId: _rawId,
      clientExtensionResults: _results,
      ...sparse
    } = key.create(first, ceremony(first, { format: 'packed' }));
    const added = await visitor.post('/api/factors/passkeys', {
      name: 'Key',
      response: {
        ...sparse,
        authenticatorAttachment: 'in-the-air',
        response: {
          ...sparse.response,
          transports: [
            'thought-transfer',
            'usb',
            'a,b',
            ...Array.from({ length: 20 }, () => 'nfc'),
          ],
          publicKeyAlgorithm: -7,
        },
      },
    });
    expect([added.status, added.body.factor?.name]).toEqual([201, 'Key']);
    const [known] = (await options()).excludeCredentials;
    expect(known.transports.slice(0, 2)).toEqual(['thought-transfer', 'usb']);
    const second = await options();
    const made = new Authenticator().create(second, ceremony(second));
    const nothing = { ...made, authenticatorAttachment: null, clientExtensionResults: null };
    expect(
      (
        await visitor.post('/api/factors/passkeys', {
          name: 'Other',
          response: { ...nothing, response: { ...made.response, transports: null } },
        })
      ).status,
    ).toBe(201);
  });

  it('a passkey is accepted without a user handle, as a security key leaves it out', async () => {
    const { visitor, email, passkey } = await withPasskey();
    const begun = async () => {
      const { challenge } = await half(email);
      const { body } = await visitor.post('/api/sign-in/second-factor/passkey/options', {
        challenge,
      });
      return { challenge, options: body.options };
    };
    for (const userHandle of ['', null, undefined]) {
      const { challenge, options } = await begun();
      const { authenticatorAttachment: _attachment, ...made } = passkey.get(ceremony(options));
      const response = { ...made, response: { ...made.response, userHandle } };
      const answer = await finish(visitor, { challenge, method: 'passkey', response });
      expect([answer.status, answer.body.type], String(userHandle)).toEqual([200, undefined]);
    }
  });

  it('a passkey whose counter falls is rejected with the reason, alone and as a second factor', async () => {
    const { visitor, email, passkey } = await withPasskey();
    const alone = async (counter: number) => {
      const { body } = await visitor.post('/api/sign-in/passkey/options', {});
      const response = passkey.get(ceremony(body.options, { counter }));
      return (await deployment().visitor().post('/api/sign-in/passkey', { response })).body;
    };
    expect(await alone(5)).toHaveProperty('user');
    const why = 'because its use counter did not go up';
    for (const counter of [0, 4, 5]) {
      const { type, detail } = await alone(counter);
      expect([type, detail]).toEqual(['/problems/wrong-credentials', expect.stringContaining(why)]);
      const { challenge } = await half(email);
      const { body } = await visitor.post('/api/sign-in/second-factor/passkey/options', {
        challenge,
      });
      const response = passkey.get(ceremony(body.options, { counter }));
      expect(
        (await finish(visitor, { challenge, method: 'passkey', response })).body,
      ).toMatchObject({
        type: '/problems/wrong-code',
        detail: expect.stringContaining(why),
      });
    }
    expect(await alone(6)).toHaveProperty('user');
  });

  it('an authenticator app reads issuer and account from its address, also with a port', async () => {
    const { visitor, email } = await member();
    const { body } = await visitor.post('/api/factors/totp');
    // Key URI Format: otpauth://TYPE/LABEL?PARAMETERS, LABEL = issuer ":" account, with no other colon, raw or encoded.
    const { protocol, host, pathname, searchParams } = new URL(body.uri);
    const label = decodeURIComponent(pathname.slice(1)).split(':');
    expect([protocol, host, label.length, label[1]]).toEqual(['otpauth:', 'totp', 2, email]);
    expect(label[0]).toBe(searchParams.get('issuer'));
    expect(label[0]).toContain('localhost');
    expect(body.uri).not.toContain('+');
    expect(searchParams.get('secret')).toBe(body.secret);
  });
});
