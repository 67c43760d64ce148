import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { onBothStores } from '../test/on-both-stores.ts';
import { type ServerProcess, serverProcesses } from '../test/server-process.ts';
import { type Answer, goodPassword, type Visitor, wrongCode } from '../test/visitor.ts';

/** Behind one name, as two processes of a deployment are. */
const shared = { PUBLIC_URL: 'http://localhost:9' };

onBothStores('F9: two processes of one database', (database) => {
  const servers = serverProcesses();
  let pair: [ServerProcess, ServerProcess];

  beforeAll(async () => {
    const launch = { database: await database(), variables: shared };
    pair = await Promise.all([servers.start(launch), servers.start(launch)]);
  }, 120_000);

  /** `count` strangers, every other one at the other process. */
  const strangers = (count: number): Visitor[] =>
    Array.from({ length: count }, (_, n) => pair[n % 2 === 0 ? 0 : 1].visitor());
  const inBoth = (visitor: Visitor): Visitor[] =>
    pair.map((server) => {
      const same = server.visitor(visitor.address);
      for (const [name, value] of visitor.cookies) same.cookies.set(name, value);
      return same;
    });

  it('both serve after starting at the same instant on an empty database, and logged no fault', () => {
    const faults = pair.flatMap((server) =>
      server
        .lines()
        .filter(
          (line) => Number(JSON.parse(line).level) >= 40 && !line.includes('"cause":"starting"'),
        ),
    );
    expect(faults).toEqual([]);
  });

  it(
    'four more start at the same instant on another empty database, and know each other’s accounts',
    { timeout: 120_000 },
    async () => {
      const launch = { database: await database(), variables: shared };
      const [first, ...others] = await Promise.all(
        Array.from({ length: 4 }, () => servers.start(launch)),
      );
      await first?.visitor().join('ada@example.org');
      const signIns = await Promise.all(
        others.map((server) =>
          server
            .visitor()
            .post('/api/sign-in', { email: 'ada@example.org', password: goodPassword }),
        ),
      );
      expect(statuses(signIns)).toEqual([200, 200, 200]);
      const ends = await Promise.all(
        [first, ...others].map(async (server) => server?.kill('SIGTERM')),
      );
      expect(ends.map((end) => end?.code)).toEqual([0, 0, 0, 0]);
    },
  );

  it('one code redeemed thirty times at once makes one account and one session', async () => {
    const email = 'once@example.org';
    const [visitor] = strangers(1) as [Visitor];
    const { body } = await visitor.post('/api/sign-up', {
      email,
      password: goodPassword,
      name: 'Ada',
    });
    const code = await visitor.codeFor(email);
    const crowd = strangers(30);
    const answers = await Promise.all(
      crowd.map((one) => one.post(`/api/challenges/${body.challenge.id}/verify`, { code })),
    );

    expect(statuses(answers).filter((status) => status === 200)).toHaveLength(1);
    expect(statuses(answers).filter((status) => ![200, 410, 429].includes(status))).toEqual([]);
    const winner = crowd[answers.findIndex(({ status }) => status === 200)];
    expect((await winner?.get('/api/sessions'))?.body.items).toHaveLength(1);
  });

  it('fifty guesses at once get five tries, and the right code is dead afterwards', async () => {
    const email = 'guessed@example.org';
    const [visitor] = strangers(1) as [Visitor];
    const { body } = await visitor.post('/api/sign-up', {
      email,
      password: goodPassword,
      name: 'Ada',
    });
    const path = `/api/challenges/${body.challenge.id}/verify`;
    const code = await visitor.codeFor(email);
    const answers = await Promise.all(
      strangers(50).map((one) => one.post(path, { code: wrongCode(code) })),
    );

    const wrong = answers.filter((answer) => answer.body.type === '/problems/wrong-code');
    const left = wrong.map((answer) => answer.body.attemptsLeft);
    // A database that is overrun says so to some, and their guesses were not weighed.
    expect(left.toSorted().reverse()).toEqual([4, 3, 2, 1, 0].slice(0, left.length));
    expect(
      statuses(answers.filter((answer) => !wrong.includes(answer))).filter(
        (status) => ![410, 429, 503].includes(status),
      ),
    ).toEqual([]);
    for (const one of strangers(5 - left.length))
      expect((await one.post(path, { code: wrongCode(code) })).status).toBe(422);
    expect(
      statuses(await Promise.all(inBoth(visitor).map((one) => one.post(path, { code })))),
    ).toEqual([410, 410]);
  });

  it('a session that ended in one is nobody in the other, on its next request', async () => {
    const email = 'ended@example.org';
    const [here, there] = strangers(2) as [Visitor, Visitor];
    await here.join(email);
    const session = async (visitor: Visitor) =>
      statuses(await Promise.all(inBoth(visitor).map((one) => one.get('/api/session'))));
    for (const end of ['revoke', 'revoke others', 'sign out']) {
      await there.post('/api/sign-in', { email, password: goodPassword });
      expect(await session(there), end).toEqual([200, 200]);
      const { body } = await there.get('/api/session');
      if (end === 'revoke') await here.delete(`/api/sessions/${body.session.id}`);
      if (end === 'revoke others') await here.delete('/api/sessions');
      const [sameElsewhere] = inBoth(there) as [Visitor, Visitor];
      if (end === 'sign out') await sameElsewhere.post('/api/sign-out');
      expect(await session(there), end).toEqual([401, 401]);
    }
    expect(await session(here)).toEqual([200, 200]);
  });

  it(
    'sessions that end one after the other, with much going on meanwhile, are nobody at once in both',
    { timeout: 60_000 },
    async () => {
      const email = 'often@example.org';
      const [here, busy, ...signedIn] = strangers(10) as [Visitor, Visitor, ...Visitor[]];
      await here.join(email);
      for (const visitor of [busy, ...signedIn])
        await visitor.post('/api/sign-in', { email, password: goodPassword });
      let goingOn = true;
      const load = inBoth(busy).flatMap((visitor) =>
        Array.from({ length: 3 }, async () => {
          while (goingOn) expect((await visitor.get('/api/session')).status).toBe(200);
        }),
      );

      const after: number[] = [];
      for (const visitor of signedIn) {
        const [one, other] = inBoth(visitor) as [Visitor, Visitor];
        const { body } = await one.get('/api/session');
        expect((await other.get('/api/session')).status).toBe(200);
        await here.delete(`/api/sessions/${body.session.id}`);
        after.push(
          ...statuses(await Promise.all([one.get('/api/session'), other.get('/api/session')])),
        );
      }
      goingOn = false;
      await Promise.all(load);
      expect(after.filter((status) => status !== 401)).toEqual([]);
      expect(after).toHaveLength(16);
    },
  );

  it('a limit by address is one count for both, also for forty at once', async () => {
    const [visitor] = strangers(1) as [Visitor];
    const both = inBoth(visitor);
    const resend = (n: number) => both[n % 2]?.post('/api/challenges/none/resend');
    const answers = await Promise.all(Array.from({ length: 40 }, async (_, n) => resend(n)));
    const count = (status: number) => answers.filter((answer) => answer?.status === status).length;
    // A database that is overrun says so to some, and theirs may have been counted and not served.
    expect(count(404)).toBeGreaterThanOrEqual(30 - count(503));
    expect(count(404)).toBeLessThanOrEqual(30);
    expect(count(404) + count(429) + count(503)).toBe(40);
    expect(
      answers.filter(
        (answer) => answer?.status !== 404 && !(Number(answer?.headers.get('Retry-After')) > 0),
      ),
    ).toEqual([]);

    let looked = count(404);
    for (let n = 0; (await served(() => resend(n))).status === 404; n += 1) looked += 1;
    expect(looked).toBeLessThanOrEqual(30);
    for (const n of [0, 1]) expect((await served(() => resend(n))).status).toBe(429);
  });

  it('wrong passwords are one count for both: of a hundred sign-ins at once ten reach bcrypt, and the right one is shut out for a while', async () => {
    const email = 'limited@example.org';
    await strangers(1)[0]?.join(email);
    const answers = await Promise.all(
      strangers(100).map((one) =>
        one.post('/api/sign-in', { email, password: 'not the password at all' }),
      ),
    );
    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    // A flood is partly sent away before anything is counted.
    expect(count(401)).toBeLessThanOrEqual(10);
    expect(count(401) + count(429) + count(503)).toBe(100);
    expect(
      answers.filter(
        ({ status, headers }) => status !== 401 && !(Number(headers.get('Retry-After')) > 0),
      ),
    ).toEqual([]);

    let compared = count(401);
    for (
      let n = 0;
      (
        await served(() =>
          pair[n % 2]
            ?.visitor()
            .post('/api/sign-in', { email, password: 'not the password at all' }),
        )
      ).status === 401;
      n += 1
    )
      compared += 1;
    expect(compared).toBeLessThanOrEqual(10);
    for (const one of strangers(2)) {
      const right = await served(() => one.post('/api/sign-in', { email, password: goodPassword }));
      expect([right.status, Number(right.headers.get('Retry-After')) > 0]).toEqual([429, true]);
    }
  });
});

/** What is answered once the database is no longer overrun. */
async function served(ask: () => Promise<Answer> | undefined): Promise<Answer> {
  for (let n = 0; n < 30; n += 1) {
    const answer = await ask();
    if (answer && answer.status !== 503) return answer;
    await wait(500);
  }
  throw new Error('The server still answers 503.');
}

function statuses(answers: readonly Answer[]): number[] {
  return answers.map(({ status }) => status);
}
