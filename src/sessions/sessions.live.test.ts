import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { deployed } from '../../test/deployment.ts';
import { onBothStores } from '../../test/on-both-stores.ts';
import { goodPassword } from '../../test/visitor.ts';
import { hour } from '../clock.ts';

onBothStores('sessions', (database) => {
  const deployment = deployed(database);
  let made = 0;
  async function member(of = deployment) {
    const visitor = of().visitor();
    const email = `session${(made += 1)}@example.org`;
    await visitor.join(email);
    return { visitor, email };
  }
  const signIn = async (email: string, more: object = {}) => {
    const visitor = deployment().visitor();
    expect(
      (await visitor.post('/api/sign-in', { email, password: goodPassword, ...more })).status,
    ).toBe(200);
    return visitor;
  };

  it('are in a cookie that no script can read, with a new value at every sign-in', async () => {
    const { visitor, email } = await member();
    const before = visitor.cookies.get('flowcept');
    const answer = await visitor.post('/api/sign-in', { email, password: goodPassword });
    const cookie = answer.headers.getSetCookie().find((one) => one.startsWith('flowcept='));
    expect(cookie).toMatch(/^flowcept=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(visitor.cookies.get('flowcept')).not.toBe(before);
    expect(
      (
        await deployment()
          .visitor()
          .get('/api/session', { Cookie: `flowcept=${before}` })
      ).status,
    ).toBe(401);
    expect(JSON.stringify(answer.body)).not.toContain(visitor.cookies.get('flowcept'));
  });

  it('are forgotten when the browser is closed, unless the user stays signed in, also after a renewal', async () => {
    const { email } = await member();
    for (const [stay, lifetime] of [
      [false, ''],
      [true, ' Max-Age=25\\d{5};'],
    ] as const) {
      const visitor = deployment().visitor();
      const cookieOf = ({ headers }: { headers: Headers }) =>
        headers.getSetCookie().find((one) => one.startsWith('flowcept='));
      const renewed = new RegExp(
        `^flowcept=[\\w-]{43}; Path=/;${lifetime} HttpOnly; SameSite=Lax$`,
      );
      const password = goodPassword;
      expect(cookieOf(await visitor.post('/api/sign-in', { email, password, stay }))).toMatch(
        renewed,
      );
      expect(cookieOf(await visitor.post('/api/session/confirm', { password }))).toMatch(renewed);
    }
  });

  describe('of a server whose hashing takes long', () => {
    const hashing = deployed(database, { BCRYPT_COST: '10' });

    it('can re-authenticate after the hash queue was full, because no password was compared', async () => {
      const { visitor } = await member(hashing);
      const { passwords } = hashing().services;
      let isBusy = true;
      const crowd = Array.from({ length: 60 }, async (_, n) => {
        while (isBusy) {
          await passwords
            .of(`network ${n}`)
            .hash(goodPassword)
            .catch(() => wait(5));
        }
      });
      const answers = [];
      while (answers.length < 100 && answers.filter((status) => status === 503).length < 12)
        answers.push(
          (await visitor.post('/api/session/confirm', { password: goodPassword })).status,
        );
      isBusy = false;
      await Promise.all(crowd);
      expect(answers.filter((status) => ![200, 503].includes(status))).toEqual([]);
      expect(answers).toContain(503);
      expect((await visitor.post('/api/session/confirm', { password: goodPassword })).status).toBe(
        200,
      );
    });
  });

  it('are listed with the current one first, and end one by one or all others at once', async () => {
    const { visitor, email } = await member();
    const [second, third] = [await signIn(email), await signIn(email)];
    const { body } = await visitor.get('/api/sessions');
    expect(body.items.map(({ current }: { current: boolean }) => current)).toEqual([
      true,
      false,
      false,
    ]);
    expect(body.items[0]).toMatchObject({
      device: 'Chrome on Linux',
      method: 'sign-up',
      address: expect.stringContaining('127.9.'),
    });

    const { body: seconds } = await second.get('/api/session');
    expect((await visitor.delete(`/api/sessions/${seconds.session.id}`)).status).toBe(204);
    expect((await second.get('/api/session')).status).toBe(401);
    expect((await visitor.delete(`/api/sessions/${seconds.session.id}`)).status).toBe(404);
    expect((await visitor.delete('/api/sessions')).status).toBe(204);
    expect((await third.get('/api/session')).status).toBe(401);
    expect((await visitor.get('/api/sessions')).body.items).toHaveLength(1);
  });

  it('show since when their device is known, which another sign-in does not change, and forget it after a year', async () => {
    const { visitor, email } = await member();
    const first = async () => (await visitor.get('/api/sessions')).body.items[0];
    const { createdAt } = await first();
    deployment().clock.move(2 * hour);
    await visitor.post('/api/sign-in', { email, password: goodPassword });
    const again = await first();
    expect(again.deviceFirstUsedAt).toBe(createdAt);
    expect(Date.parse(again.createdAt)).toBeGreaterThan(Date.parse(createdAt));
    deployment().clock.move(366 * 24 * hour);
    await visitor.post('/api/sign-in', { email, password: goodPassword });
    const anew = await first();
    expect(anew.deviceFirstUsedAt).toBe(anew.createdAt);
  });

  it('are listed in pages', async () => {
    const { visitor, email } = await member();
    await signIn(email);
    await signIn(email);
    const first = await visitor.get('/api/sessions?limit=2');
    expect(first.body.items).toHaveLength(2);
    const rest = await visitor.get(`/api/sessions?limit=2&after=${first.body.next}`);
    expect([rest.body.items.length, rest.body.next]).toEqual([1, undefined]);
    expect((await visitor.get('/api/sessions?limit=1e9')).status).toBe(422);
  });

  it('of another user are answered 404', async () => {
    const [one, other] = [await member(), await member()];
    const { body } = await other.visitor.get('/api/session');
    expect((await one.visitor.delete(`/api/sessions/${body.session.id}`)).status).toBe(404);
    expect((await other.visitor.get('/api/session')).status).toBe(200);
  });

  it('end by signing out, which works twice and without a session', async () => {
    const { visitor } = await member();
    const stolen = visitor.cookies.get('flowcept');
    const answer = await visitor.post('/api/sign-out');
    expect([answer.status, answer.headers.get('clear-site-data')]).toEqual([204, '"storage"']);
    expect((await visitor.get('/api/session', { Cookie: `flowcept=${stolen}` })).status).toBe(401);
    expect((await visitor.post('/api/sign-out')).status).toBe(204);
  });

  it('end after twelve hours without use and 24 hours in all, or after 7 and 30 days', async () => {
    const { clock } = deployment();
    const { email } = await member();
    const [idle, used, staying] = [
      await signIn(email),
      await signIn(email),
      await signIn(email, { stay: true }),
    ];
    clock.move(11 * hour);
    expect((await used.get('/api/session')).status).toBe(200);
    await new Promise((done) => setTimeout(done, 300));
    clock.move(1 * hour);
    expect((await idle.get('/api/session')).status).toBe(401);
    expect((await used.get('/api/session')).status, 'used an hour ago').toBe(200);
    await new Promise((done) => setTimeout(done, 300));
    clock.move(11 * hour);
    expect((await used.get('/api/session')).status).toBe(200);
    await new Promise((done) => setTimeout(done, 300));
    clock.move(2 * hour);
    expect((await used.get('/api/session')).status, 'older than 24 hours').toBe(401);
    expect((await staying.get('/api/session')).status).toBe(200);
    clock.move(7 * 24 * hour);
    expect((await staying.get('/api/session')).status).toBe(401);
  });

  it('are at most twenty for each account: the oldest ends', async () => {
    const { visitor: oldest, email } = await member();
    const newest = [];
    for (let count = 0; count < 20; count += 1) newest.push(await signIn(email));
    expect((await oldest.get('/api/session')).status).toBe(401);
    expect((await newest[0]?.get('/api/session'))?.status).toBe(200);
    expect((await newest[19]?.get('/api/sessions'))?.body.items).toHaveLength(20);
  });

  it('are rejected for a malformed cookie, or the same cookie twice with different values', async () => {
    const { visitor } = await member();
    const value = visitor.cookies.get('flowcept');
    const cookies = [
      'flowcept=%',
      `flowcept=${'x'.repeat(8000)}`,
      `flowcept=${value}; flowcept=${'A'.repeat(43)}`,
      'flowcept=',
      `Flowcept=${value}`,
    ];
    for (const cookie of cookies)
      expect((await deployment().visitor().get('/api/session', { Cookie: cookie })).status).toBe(
        401,
      );
    expect(
      (
        await deployment()
          .visitor()
          .get('/api/session', { Cookie: `flowcept=${value}; flowcept=${value}` })
      ).status,
    ).toBe(200);
  });

  it('are stored as hashes only', async () => {
    const { visitor } = await member();
    const { services } = deployment();
    const { hashToken } = await import('../crypto/token.ts');
    const stored = await services.store.findSession(
      hashToken(visitor.cookies.get('flowcept') ?? ''),
    );
    expect(JSON.stringify(stored)).not.toContain(visitor.cookies.get('flowcept'));
    expect(
      (
        await deployment()
          .visitor()
          .get('/api/session', { Cookie: `flowcept=${stored?.session.tokenHash}` })
      ).status,
    ).toBe(401);
  });
});
