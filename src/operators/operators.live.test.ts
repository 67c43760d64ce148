import { expect, it } from 'vitest';
import { deployed } from '../../test/deployment.ts';
import { onBothStores } from '../../test/on-both-stores.ts';
import { goodPassword, type Visitor } from '../../test/visitor.ts';
import { offerClaim } from '../accounts/claim-operator.ts';
import { minute } from '../clock.ts';

const reads = ['accounts', 'limits', 'mail', 'settings', 'record'].map(
  (what) => `/api/operator/${what}`,
);

onBothStores('operators', (database) => {
  const deployment = deployed(database, {
    CRON_SECRET: 'a secret of the cron, long enough'.replaceAll(' ', '-'),
  });
  let made = 0;
  async function operator() {
    const visitor = deployment().visitor();
    const email = `operator${(made += 1)}@example.org`;
    const token = (await offerClaim(deployment().services)).split('token=')[1];
    expect(
      (
        await visitor.post('/api/operators/claim', {
          token,
          email,
          password: goodPassword,
          name: 'Olga',
        })
      ).status,
    ).toBe(201);
    return { visitor, email, id: await idOf(visitor) };
  }
  async function member(email = `member${(made += 1)}@example.org`) {
    const visitor = deployment().visitor();
    await visitor.join(email, goodPassword, 'Ada Lovelace');
    return { visitor, email, id: await idOf(visitor) };
  }
  const idOf = async (visitor: Visitor) =>
    (await visitor.get('/api/session')).body.user.id as string;
  const set = (by: Visitor, id: string, isOperator: boolean) =>
    by.send('PATCH', `/api/operator/accounts/${id}`, { operator: isOperator });
  const subjectsTo = async (email: string) =>
    (
      await deployment()
        .visitor()
        .get(`/sandbox/mailbox?to=${email}`, { Accept: 'application/json' })
    ).body.items.map(({ subject }: { subject: string }) => subject);
  const actionsOf = async (visitor: Visitor) =>
    (await visitor.get('/api/account/activity')).body.items.map(
      ({ action }: { action: string }) => action,
    );

  it('are the only users with access to /api/operator', async () => {
    const { visitor, id } = await member();
    const requests = [
      ...reads.map((path) => ['GET', path] as const),
      ['PATCH', `/api/operator/accounts/${id}`, { operator: true }] as const,
      ['DELETE', `/api/operator/accounts/${id}/sessions`] as const,
      ['DELETE', '/api/operator/limits/some'] as const,
      ['POST', '/api/operator/mail/some/retry'] as const,
    ];
    for (const [method, path, body] of requests) {
      expect([path, (await visitor.send(method, path, body)).body.type]).toEqual([
        path,
        '/problems/forbidden',
      ]);
      expect([path, (await deployment().visitor().send(method, path, body)).status]).toEqual([
        path,
        401,
      ]);
      expect([
        path,
        (
          await deployment()
            .visitor()
            .send(method, path, body, { Authorization: 'Bearer a-secret-of-the-cron,-long-enough' })
        ).status,
      ]).toEqual([path, 401]);
    }
    expect((await visitor.get('/api/session')).body.user.operator).toBe(false);
  });

  it('need re-authentication for changes, and the answer names the methods', async () => {
    const { visitor } = await operator();
    const { id } = await member();
    deployment().clock.move(10 * minute);
    for (const path of reads) expect((await visitor.get(path)).status).toBe(200);
    const refused = await set(visitor, id, true);
    expect([refused.status, refused.body.type, refused.body.methods]).toEqual([
      403,
      '/problems/confirmation-required',
      ['password'],
    ]);
    expect((await visitor.delete(`/api/operator/accounts/${id}/sessions`)).status).toBe(403);
    await visitor.post('/api/session/confirm', { password: goodPassword });
    expect((await set(visitor, id, true)).body.user).toMatchObject({ id, operator: true });
  });

  it('make another operator, whose sessions end, who is notified, and whose own activity shows it without its origin', async () => {
    const olga = await operator();
    const ada = await member();
    expect((await set(olga.visitor, ada.id, true)).status).toBe(200);
    expect((await ada.visitor.get('/api/session')).status).toBe(401);
    await ada.visitor.post('/api/sign-in', { email: ada.email, password: goodPassword });
    expect((await ada.visitor.get('/api/operator/accounts')).status).toBe(200);
    expect(await subjectsTo(ada.email)).toContain('Flowcept: You were made an operator');
    const { items } = (await ada.visitor.get('/api/account/activity')).body;
    const granted = items.find(({ action }: { action: string }) => action === 'operator.added');
    expect(granted).toMatchObject({ actor: { id: olga.id }, address: '', device: '' });

    expect((await set(olga.visitor, ada.id, false)).body.user.operator).toBe(false);
    expect((await ada.visitor.get('/api/operator/accounts')).status).toBe(403);
    expect(await subjectsTo(ada.email)).toContain('Flowcept: Your operator role was removed');
    expect((await set(olga.visitor, 'no-account', true)).status).toBe(404);
    expect((await set(olga.visitor, ada.id, false)).status).toBe(200);
    expect(
      (await actionsOf(ada.visitor)).filter((action: string) => action === 'operator.removed'),
    ).toHaveLength(1);
  });

  it('end all sessions of an account, whose owner is notified', async () => {
    const olga = await operator();
    const ada = await member();
    expect((await olga.visitor.delete(`/api/operator/accounts/${ada.id}/sessions`)).status).toBe(
      204,
    );
    expect((await ada.visitor.get('/api/session')).status).toBe(401);
    expect(await subjectsTo(ada.email)).toContain('Flowcept: You were signed out on all devices');
    expect((await olga.visitor.delete(`/api/operator/accounts/${ada.id}/sessions`)).status).toBe(
      204,
    );
    await ada.visitor.post('/api/sign-in', { email: ada.email, password: goodPassword });
    expect(
      (await actionsOf(ada.visitor)).filter(
        (action: string) => action === 'operator.sessions-ended',
      ),
    ).toHaveLength(1);
    expect((await olga.visitor.delete('/api/operator/accounts/nobody/sessions')).status).toBe(404);
  });

  it('find accounts by the start of address or name, in pages, without secrets', async () => {
    const { visitor } = await operator();
    const one = await member('zz-one@example.org');
    await member('zz-two@example.org');
    const { body } = await visitor.get('/api/operator/accounts?search=%20ZZ-');
    expect(body.items.map(({ email }: { email: string }) => email)).toEqual([
      'zz-one@example.org',
      'zz-two@example.org',
    ]);
    expect(body.items[0]).toEqual({
      id: one.id,
      email: one.email,
      name: 'Ada Lovelace',
      operator: false,
      createdAt: expect.any(String),
      lastUsedAt: expect.any(String),
      sessions: 1,
    });
    const first = await visitor.get('/api/operator/accounts?search=zz&limit=1');
    const second = await visitor.get(
      `/api/operator/accounts?search=zz&limit=1&after=${first.body.next}`,
    );
    expect([...first.body.items, ...second.body.items]).toEqual(body.items);
    expect(second.body.next).toBeUndefined();
    expect(
      (await visitor.get('/api/operator/accounts?search=ada%20love')).body.items.length,
    ).toBeGreaterThan(1);
    expect(
      (await visitor.get('/api/operator/accounts?search[$ne]=x')).body.items.length,
    ).toBeGreaterThan(1);
    expect((await visitor.get(`/api/operator/accounts?search=${'x'.repeat(101)}`)).status).toBe(
      422,
    );
  });

  it('see who is rate-limited and until when, and clear the limit, which the account owner can see', async () => {
    const { visitor } = await operator();
    const ada = await member();
    const guesser = deployment().visitor('2001:db8::7');
    for (let wrong = 0; wrong < 10; wrong += 1) {
      await guesser.post('/api/sign-in', { email: ada.email, password: 'no' });
    }
    const find = async () =>
      (await visitor.get('/api/operator/limits')).body.items.filter(
        ({ limit }: { limit: string }) => limit === 'wrong-password',
      );
    const [exhausted, ...others] = await find();
    expect([exhausted, others]).toMatchObject([
      { about: 'Incorrect passwords', by: 'address', subject: ada.email },
      [],
    ]);
    expect(Date.parse(exhausted.until)).toBeGreaterThan(deployment().clock.now().getTime());
    expect(
      (
        await deployment()
          .visitor()
          .post('/api/sign-in', { email: ada.email, password: goodPassword })
      ).status,
    ).toBe(429);
    expect(
      (await visitor.delete(`/api/operator/limits/${encodeURIComponent(exhausted.id)}`)).status,
    ).toBe(204);
    expect(
      (
        await deployment()
          .visitor()
          .post('/api/sign-in', { email: ada.email, password: goodPassword })
      ).status,
    ).toBe(200);
    expect(await find()).toEqual([]);
    expect(
      (await visitor.delete(`/api/operator/limits/${encodeURIComponent(exhausted.id)}`)).status,
    ).toBe(404);
    expect(await actionsOf(ada.visitor)).toContain('operator.limit-cleared');

    const flooder = deployment().visitor('198.51.100.7');
    for (let n = 0; n < 10; n += 1)
      await flooder.post('/api/sign-up', {
        email: 'no address',
        password: goodPassword,
        name: 'Ada',
      });
    const networks = (await visitor.get('/api/operator/limits')).body.items.filter(
      ({ by }: { by: string }) => by === 'network',
    );
    expect(networks).toMatchObject([{ limit: 'sign-up', subject: '198.51.100.7' }]);
  });

  it('never see a device token in a rate limit, and the database stores no plain subject', async () => {
    const { visitor } = await operator();
    const ada = await member();
    for (let wrong = 0; wrong < 10; wrong += 1)
      await ada.visitor.post('/api/sign-in', { email: ada.email, password: 'no' });
    const { body } = await visitor.get('/api/operator/limits');
    expect(
      body.items.find(
        ({ limit, subject }: { limit: string; subject: string }) =>
          limit === 'wrong-password' && subject === ada.email,
      ),
    ).toBeDefined();
    const table = await deployment().services.store.exhaustedLimits(deployment().clock.now());
    for (const secret of [ada.visitor.cookies.get('flowcept-device')])
      expect(JSON.stringify([body, table])).not.toContain(secret);
    expect(JSON.stringify(table)).not.toContain(ada.email);
  });

  it('see the delivery status of email and the reason, and nothing of its content', async () => {
    const { visitor } = await operator();
    const ada = await member();
    const { services, clock } = deployment();
    const late = {
      dueAt: new Date(clock.now().getTime() + 5 * minute),
      expiresAt: new Date(clock.now().getTime() + 60 * minute),
      lastError: 'EAUTH AUTH PLAIN 535',
    };
    const mail = {
      ...services.mailer.compose({
        to: ada.email,
        message: { subject: '123456 is your code', text: 'secret words', html: '' },
        challengeId: null,
        expiresAt: late.expiresAt,
      }),
      ...late,
    };
    await services.store.insertMail(mail);
    const { body } = await visitor.get('/api/operator/mail');
    expect(body.items).toEqual([
      {
        id: mail.id,
        to: ada.email,
        about: 'notice',
        state: 'queued',
        tries: 0,
        createdAt: mail.createdAt.toISOString(),
        nextTryAt: late.dueAt.toISOString(),
        reason: 'The mail server rejected the user name and password. Check SMTP_URL.',
      },
    ]);
    const kept = await visitor.get('/api/operator/mail?state=kept');
    expect(kept.body.items.find(({ about }: { about: string }) => about === 'code')).toMatchObject({
      state: 'kept',
      nextTryAt: null,
      reason: null,
    });
    expect(JSON.stringify([body, kept.body])).not.toMatch(
      /\b\d{6}\b.*code|secret words|content|s1\./,
    );
    expect((await visitor.get('/api/operator/mail?state=none')).status).toBe(422);

    expect((await visitor.post(`/api/operator/mail/${mail.id}/retry`)).status).toBe(202);
    await expect.poll(() => subjectsTo(ada.email)).toContain('123456 is your code');
    expect((await visitor.post(`/api/operator/mail/${mail.id}/retry`)).status).toBe(404);
  });

  it('see every setting and its source, but no secret', async () => {
    const { visitor } = await operator();
    const { items } = (await visitor.get('/api/operator/settings')).body;
    const named = Object.fromEntries(items.map((item: { name: string }) => [item.name, item]));
    expect(named.BCRYPT_COST).toEqual({
      name: 'BCRYPT_COST',
      value: String(deployment().config.bcryptCost),
      redacted: false,
      origin: 'environment',
    });
    expect(named.PORT).toMatchObject({ value: '3000', origin: 'default' });
    expect(named.FLOWCEPT_KEYS).toMatchObject({
      value: 't1',
      redacted: true,
      origin: 'environment',
    });
    expect(named.SMTP_URL).toMatchObject({ value: null, origin: 'sandbox' });
    expect(named.CRON_SECRET).toMatchObject({ value: 'set', redacted: true });
    const { config } = deployment();
    for (const secret of [config.cronSecret, config.keys?.[0]?.key.toString('base64')])
      expect(JSON.stringify(items)).not.toContain(secret);
  });

  it('leave an entry in the audit log with action, target and time', async () => {
    const olga = await operator();
    const ada = await member();
    await set(olga.visitor, ada.id, true);
    await set(olga.visitor, ada.id, false);
    const { items, next } = (await olga.visitor.get('/api/operator/record?limit=3')).body;
    expect(items).toMatchObject([
      {
        action: 'operator.removed',
        actor: { id: olga.id, email: olga.email },
        account: { id: ada.id, email: ada.email, name: 'Ada Lovelace' },
      },
      { action: 'operator.added', actor: { id: olga.id }, account: { id: ada.id } },
      { action: 'operator.claimed', actor: { id: olga.id }, account: null },
    ]);
    expect(
      (await olga.visitor.get(`/api/operator/record?after=${next}`)).body.items[0].id,
    ).not.toBe(items[2].id);
  });
});
