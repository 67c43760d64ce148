import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { onBothStores } from '../test/on-both-stores.ts';
import { type ServerProcess, serverProcesses } from '../test/server-process.ts';
import { type Answer, goodPassword, type Visitor, wrongCode } from '../test/visitor.ts';

/** Two processes of a deployment behind one name. */
const shared = { PUBLIC_URL: 'http://localhost:9' };

onBothStores('F9: two processes of one database', (database) => {
  const servers = serverProcesses();
  let pair: [ServerProcess, ServerProcess];

  beforeAll(async () => {
    const launch = { database: await database(), variables: shared };
    pair = await Promise.all([servers.start(launch), servers.start(launch)]);
  }, 120_000);

  /** `count` visitors who alternate between the processes. */
  const strangers = (count: number): Visitor[] =>
    Array.from({ length: count }, (_, n) => pair[n % 2 === 0 ? 0 : 1].visitor());
  const inBoth = (visitor: Visitor): Visitor[] =>
    pair.map((server) => {
      const same = server.visitor(visitor.address);
      for (const [name, value] of visitor.cookies) same.cookies.set(name, value);
      return same;
    });

  it('two processes that start at once on an empty database both serve, and log no fault', () => {
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
    'four processes that start at once on an empty database see each other’s accounts',
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

  it('one code that is redeemed thirty times at once creates one account and one session', async () => {
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

  it('fifty guesses at once get five attempts, and the right code is invalid afterwards', async () => {
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
    // An overloaded database refuses some requests, and their guesses were not compared.
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

  it('a session that ends in one process is rejected by the other on its next request', async () => {
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
    'sessions that end one after another under load are rejected at once by both processes',
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

  it('a rate limit by address is shared by both processes, also for forty requests at once', async () => {
    const [visitor] = strangers(1) as [Visitor];
    const both = inBoth(visitor);
    const resend = (n: number) => both[n % 2]?.post('/api/challenges/none/resend');
    const answers = await Promise.all(Array.from({ length: 40 }, async (_, n) => resend(n)));
    const count = (status: number) => answers.filter((answer) => answer?.status === status).length;
    // An overloaded database refuses some requests, which can have been counted without being
    // served.
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

  it('wrong passwords are counted by both processes: of a hundred concurrent sign-ins ten reach bcrypt, and then the right password is blocked for a while', async () => {
    const email = 'limited@example.org';
    await strangers(1)[0]?.join(email);
    const answers = await Promise.all(
      strangers(100).map((one) =>
        one.post('/api/sign-in', { email, password: 'not the password at all' }),
      ),
    );
    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    // Part of a flood is refused before anything is counted.
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

/** The answer once the database is no longer overloaded. */
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
