import { expect, it } from 'vitest';
import { deploy, deployed } from '../test/deployment.ts';
import { onBothStores } from '../test/on-both-stores.ts';
import { type Answer, goodPassword, wrongCode } from '../test/visitor.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Cases that need a movable clock. */
onBothStores('attacks on time', (database) => {
  const deployment = deployed(database, { BCRYPT_COST: '10' });

  it('B12 A code is rejected after ten minutes, and the answer says only that it has expired', async () => {
    const { visitor, clock } = deployment();
    const [early, late] = [visitor(), visitor()];
    const open = async (client: typeof early, email: string) => {
      const { body } = await client.post('/api/sign-up', {
        email,
        password: goodPassword,
        name: 'Ada',
      });
      const { id, expiresAt } = body.challenge;
      return {
        verify: async (code: string) => client.post(`/api/challenges/${id}/verify`, { code }),
        code: await client.codeFor(email),
        expiresAt: Date.parse(expiresAt),
      };
    };
    const begun = clock.now().getTime();
    const [tooLate, inTime] = [
      await open(late, 'late@example.org'),
      await open(early, 'early@example.org'),
    ];
    expect(inTime.expiresAt - begun).toBeGreaterThanOrEqual(10 * minute);
    // Not to the second: the clock runs, and the machine may be busy.
    clock.move(inTime.expiresAt - clock.now().getTime() - 20_000);
    expect((await inTime.verify(inTime.code)).status).toBe(200);
    clock.move(tooLate.expiresAt - clock.now().getTime() + 1);
    expect(clock.now().getTime() - begun).toBeLessThan(11 * minute);
    const [right, wrong] = [await tooLate.verify(tooLate.code), await tooLate.verify('000000')];
    expect([right.status, right.body.type]).toEqual([410, '/problems/challenge-over']);
    expect({ ...right.body, reference: '' }).toEqual({ ...wrong.body, reference: '' });
  });

  it('B15 An older code is rejected after a resend, and a new code gives no attempts back', async () => {
    const { visitor, clock } = deployment();
    const client = visitor();
    const { body } = await client.post('/api/sign-up', {
      email: 'again@example.org',
      password: goodPassword,
      name: 'Ada',
    });
    const path = `/api/challenges/${body.challenge.id}`;
    const first = await client.codeFor('again@example.org');
    const wrong = first === '000000' ? '111111' : '000000';
    for (let guess = 0; guess < 4; guess += 1) await client.post(`${path}/verify`, { code: wrong });
    clock.move(61_000);
    expect((await client.post(`${path}/resend`)).status).toBe(202);
    const second = await client.codeFor('again@example.org');
    if (first !== second)
      expect((await client.post(`${path}/verify`, { code: first })).body.type).toBe(
        '/problems/wrong-code',
      );
    for (let guess = 0; guess < 3; guess += 1) await client.post(`${path}/verify`, { code: wrong });
    clock.move(61_000);
    await client.post(`${path}/resend`);
    const answers = [];
    for (let guess = 0; guess < 4; guess += 1)
      answers.push((await client.post(`${path}/verify`, { code: wrong })).status);
    expect(answers.filter((status) => status === 429).length).toBeGreaterThan(0);
  });

  it('F47 A session ends after twelve hours without use, and after a day in any case', async () => {
    const { visitor, clock } = deployment();
    const [idle, busy] = [visitor(), visitor()];
    await idle.join('idle@example.org');
    await busy.join('busy@example.org');
    for (let hours = 0; hours < 11; hours += 1) {
      clock.move(hour);
      expect((await busy.get('/api/session')).status).toBe(200);
    }
    clock.move(hour + 1_000);
    expect((await idle.get('/api/session')).status).toBe(401);
    for (let hours = 12; hours < 23; hours += 1) {
      expect((await busy.get('/api/session')).status).toBe(200);
      clock.move(hour);
    }
    clock.move(hour);
    expect((await busy.get('/api/session')).status).toBe(401);
  });

  it(
    'C25 A hundred failed guesses lock password sign-in across a restart, at an address with an account and at one without',
    { timeout: 120_000 },
    async () => {
      const { visitor, clock, config, services } = deployment();
      const emails = ['patient@example.org', 'nobody@example.org'];
      await visitor().join('patient@example.org');
      const guesses = async (from = visitor) =>
        Promise.all(emails.map((email) => from().post('/api/sign-in', { email, password: 'x' })));
      // Ninety are counted as a sign-in counts them, without their hashes; the last ten sign in.
      for (let counted = 0; counted < 90; counted += 10) {
        for (const key of emails)
          for (let n = 0; n < 10; n += 1) await services.limiter.consume('wrong-password', { key });
        clock.move(16 * minute);
      }
      let compared = 90;
      while (compared < 100) {
        const [known, unknown] = await guesses();
        expect([unknown?.status, waitOf(unknown)]).toEqual([known?.status, waitOf(known)]);
        if (known?.status === 401) compared += 1;
        // Idle for longer than the short limit remembers: only the failure streak is left.
        else clock.move(16 * minute);
      }
      clock.move(2 * minute);
      const refused = await guesses();
      expect(refused.map(({ status }) => status)).toEqual([429, 429]);
      for (const answer of refused) expect(waitOf(answer)).toBeCloseTo(13 * 60, -2);

      const restarted = await deploy(async () => config.database);
      restarted.clock.move(clock.now().getTime() - restarted.clock.now().getTime());
      let inSixHours = 0;
      for (let waited = 0; waited < 6 * hour; waited += 5 * minute) {
        restarted.clock.move(5 * minute);
        const [known, unknown] = await guesses(restarted.visitor);
        expect(unknown?.status).toBe(known?.status);
        expect(waitOf(known)).toBeLessThanOrEqual(15 * 60);
        if (known?.status === 401) inSixHours += 1;
      }
      expect(inSixHours).toBeGreaterThan(20);
      expect(inSixHours).toBeLessThanOrEqual(24);

      const owner = restarted.visitor();
      const { body } = await owner.post('/api/recovery', { email: 'patient@example.org' });
      const completion = {
        challenge: body.challenge.id,
        code: await owner.codeFor('patient@example.org'),
        password: 'a new password, made by its owner',
      };
      expect((await owner.post('/api/recovery/complete', completion)).status).toBe(200);
      expect(
        (
          await owner.post('/api/sign-in', {
            email: 'patient@example.org',
            password: completion.password,
          })
        ).status,
      ).toBe(200);
      await restarted.stop();
    },
  );

  it('C25 A right password ends the failure streak', { timeout: 60_000 }, async () => {
    const { visitor, clock, services } = deployment();
    const email = 'forgetful@example.org';
    await visitor().join(email);
    const guess = async (password: string) =>
      (await visitor().post('/api/sign-in', { email, password })).status;
    for (let round = 0; round < 12; round += 1) {
      // Counted as a sign-in counts them, without their hashes.
      for (let wrong = 0; wrong < 8; wrong += 1)
        await services.limiter.consume('wrong-password', { key: email });
      expect(await guess('x')).toBe(401);
      expect(await guess(goodPassword)).toBe(200);
      clock.move(minute);
    }
  });

  it(
    'B13 A hundred consecutive wrong codes are limited, even if the attacker waits for days',
    { timeout: 120_000 },
    async () => {
      const { visitor, clock } = deployment();
      const email = 'coded@example.org';
      const open = async (client: ReturnType<typeof visitor>) => {
        const { body } = await client.post('/api/sign-up', {
          email,
          password: goodPassword,
          name: 'Ada',
        });
        return {
          path: `/api/challenges/${body.challenge.id}/verify`,
          code: await client.codeFor(email),
        };
      };
      for (let guessed = 0; guessed < 100; guessed += 4) {
        // Eight an hour and sixteen a day stay below every other limit.
        if (guessed % 8 === 0) clock.move(guessed % 16 === 0 ? day : hour);
        const guesser = visitor();
        const { path, code } = await open(guesser);
        for (let tries = 0; tries < 4; tries += 1)
          expect((await guesser.post(path, { code: wrongCode(code) })).status).toBe(422);
      }
      clock.move(6 * minute);
      const owner = visitor();
      const { path, code } = await open(owner);
      const early = await owner.post(path, { code });
      expect([early.status, waitOf(early)]).toEqual([429, expect.closeTo(9 * 60, -2)]);
      clock.move(9 * minute);
      expect((await owner.post(path, { code })).status).toBe(200);
    },
  );
});

/** Seconds until the limit resets; 0 if it is not exhausted. */
function waitOf(answer: Answer | undefined): number {
  return Number(answer?.headers.get('retry-after') ?? 0);
}
