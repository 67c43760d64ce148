import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { deploy, deployed } from '../test/deployment.ts';
import { onBothStores } from '../test/on-both-stores.ts';
import { goodPassword, type Visitor } from '../test/visitor.ts';

const minute = 60_000;
const hour = 60 * minute;

onBothStores('F19: a clock that steps', (makeDatabase) => {
  const deployment = deployed(makeDatabase);
  const isIn = async (visitor: Visitor) => (await visitor.get('/api/session')).status === 200;
  const openSignUp = async (
    visitor: Visitor,
    email: string,
  ): Promise<{ path: string; code: string }> => {
    const { body } = await visitor.post('/api/sign-up', {
      email,
      password: goodPassword,
      name: 'Ada',
    });
    return {
      path: `/api/challenges/${body.challenge.id}/verify`,
      code: await visitor.codeFor(email),
    };
  };

  it('a clock that steps two hours forward and back signs no user out, and prolongs no session', async () => {
    const { visitor, clock } = deployment();
    const [before, ahead] = [visitor(), visitor()];
    await before.join('before@example.org');
    clock.move(2 * hour);
    await ahead.join('ahead@example.org');
    expect(await isIn(before)).toBe(true);
    clock.move(-2 * hour);
    expect([await isIn(before), await isIn(ahead)]).toEqual([true, true]);
    const signedIn = async (): Promise<boolean[]> => [await isIn(before), await isIn(ahead)];
    for (let hours = 1; hours < 28; hours += 1) {
      clock.move(hour);
      expect(await signedIn(), `after ${hours} hours`).toEqual([hours < 24, hours < 26]);
    }
  });

  it('a clock that steps back does not make a used or exhausted code valid again', async () => {
    const { visitor, clock } = deployment();
    const [used, spent] = [visitor(), visitor()];
    const [one, other] = [
      await openSignUp(used, 'used@example.org'),
      await openSignUp(spent, 'spent@example.org'),
    ];
    expect((await used.post(one.path, { code: one.code })).status).toBe(200);
    for (let guess = 0; guess < 5; guess += 1)
      await spent.post(other.path, { code: other.code === '000000' ? '111111' : '000000' });
    clock.move(-2 * hour);
    expect((await visitor().post(one.path, { code: one.code })).status).toBe(410);
    expect((await visitor().post(other.path, { code: other.code })).status).toBe(410);
    clock.move(2 * hour);
  });

  it('two processes whose clocks are two minutes apart serve the same users', async () => {
    const database = await makeDatabase();
    const [slow, fast] = [await deploy(async () => database), await deploy(async () => database)];
    slow.clock.move(-minute);
    fast.clock.move(minute);
    for (const [here, there] of [
      [slow, fast],
      [fast, slow],
    ] as const) {
      const email = `${here === slow ? 'slow' : 'fast'}@example.org`;
      const { path, code } = await openSignUp(here.visitor(), email);
      const elsewhere = there.visitor();
      expect((await elsewhere.post(path, { code })).status).toBe(200);
      const same = here.visitor(elsewhere.address);
      for (const [name, value] of elsewhere.cookies) same.cookies.set(name, value);
      expect([await isIn(same), await isIn(elsewhere)]).toEqual([true, true]);
      await same.post('/api/sign-out');
      expect(await isIn(elsewhere)).toBe(false);
      expect((await same.post('/api/sign-in', { email, password: goodPassword })).status).toBe(200);
    }
    await Promise.all([slow.stop(), fast.stop()]);
  });

  it.each([
    ['summer time begins', '2027-03-28T00:59:30Z'],
    ['summer time ends', '2027-10-31T00:59:30Z'],
    ['a leap day', '2028-02-28T23:59:30Z'],
    ['the seconds of 1970 no longer fit 32 bits', '2038-01-19T03:13:50Z'],
  ])('a day has 24 hours when %s', async (_, at) => {
    const { TZ } = process.env;
    process.env['TZ'] = 'Europe/Berlin';
    const there = await deploy(makeDatabase);
    there.clock.move(new Date(at).getTime() - Date.now());
    const visitor = there.visitor();
    expect((await visitor.join('then@example.org')).status).toBe(200);
    const { createdAt, expiresAt } = (await visitor.get('/api/session')).body.session;
    expect(new Date(expiresAt).getTime() - new Date(createdAt).getTime()).toBe(12 * hour);
    for (const [hours, isSignedIn] of [
      [11, true],
      [11, true],
      [1.9, true],
      [0.2, false],
    ] as const) {
      there.clock.move(hours * hour);
      expect(await isIn(visitor)).toBe(isSignedIn);
      // The last use is written concurrently with the request.
      await wait(300);
    }
    await there.stop();
    process.env['TZ'] = TZ;
    if (TZ === undefined) delete process.env['TZ'];
  });
});
