import { beforeAll, expect, it } from 'vitest';
import { offerClaim } from '../src/accounts/claim-operator.ts';
import { systemClock } from '../src/clock.ts';
import { openDatabase } from '../src/deployment/wire.ts';
import type { DatabaseSetting } from '../src/environment.ts';
import type { Store } from '../src/store/port.ts';
import { onBothStores } from '../test/on-both-stores.ts';
import { type ServerProcess, serverProcesses } from '../test/server-process.ts';
import { type Answer, goodPassword, type Visitor } from '../test/visitor.ts';

/** Two processes of a deployment behind one name. */
const shared = { PUBLIC_URL: 'http://localhost:9' };
const maxSessions = 20;

onBothStores('F29: many who want the same thing at once, of two processes', (makeDatabase) => {
  const servers = serverProcesses();
  let database: DatabaseSetting;
  let pair: [ServerProcess, ServerProcess];

  beforeAll(async () => {
    database = await makeDatabase();
    const launch = { database, variables: shared };
    pair = [await servers.start(launch), await servers.start(launch)];
  }, 120_000);

  const strangers = (count: number): Visitor[] =>
    Array.from({ length: count }, (_, n) => pair[n % 2 === 0 ? 0 : 1].visitor());
  const stranger = (): Visitor => pair[0].visitor();
  /** The same browser `count` times, alternating between the processes. */
  const copiesOf = (visitor: Visitor, count: number): Visitor[] =>
    strangers(count).map((copy) => {
      for (const [name, value] of visitor.cookies) copy.cookies.set(name, value);
      return copy;
    });
  const passwordOf = (n: number): string => `quiet rivers carry old maps ${n}`;
  const signIn = (email: string, password = goodPassword) =>
    stranger().post('/api/sign-in', { email, password });
  const inStore = async <Answer>(ask: (store: Store) => Promise<Answer>): Promise<Answer> => {
    const { store } = await openDatabase({ database, keys: pair[0].config.keys });
    try {
      return await ask(store);
    } finally {
      await store.close();
    }
  };
  const accountsLike = (search: string): Promise<unknown[]> =>
    inStore((store) =>
      store.listAccounts({
        search,
        except: 'none.example',
        after: null,
        limit: 100,
        now: systemClock.now(),
      }),
    );

  it('five sign-ups with one address, whose codes are entered thirty times at once, create one account', async () => {
    const email = 'five@example.org';
    const open: { path: string; code: string }[] = [];
    for (const visitor of strangers(5)) {
      const { status, body } = await visitor.post('/api/sign-up', {
        email,
        password: goodPassword,
        name: 'Ada',
      });
      expect(status).toBe(202);
      open.push({
        path: `/api/challenges/${body.challenge.id}/verify`,
        code: await visitor.codeFor(email),
      });
    }
    const answers = await atOnce(strangers(30), (one, n) =>
      one.post(open[n % open.length]?.path ?? '', { code: open[n % open.length]?.code }),
    );
    expectOrderly(answers, [200, 410, 429]);
    expect(countOf(answers, 200)).toBeLessThanOrEqual(1);
    expect(await accountsLike(email)).toHaveLength(1);
    expect((await signIn(email)).status).toBe(200);
  });

  it('of twenty concurrent changes of one password, the acknowledged one is stored, and only its session remains', async () => {
    const email = 'changed@example.org';
    const member = stranger();
    await member.join(email);
    const crowd = copiesOf(member, 20);
    const answers = await atOnce(crowd, (one, n) =>
      one.post('/api/account/password', { current: goodPassword, next: passwordOf(n) }),
    );
    expectOrderly(answers, [200, 401, 409, 429]);
    await expectOneOf(email, answers, crowd);
  });

  it('of twenty concurrent recoveries by one code, the acknowledged password is stored, and no session remains', async () => {
    const email = 'recovered@example.org';
    const member = stranger();
    await member.join(email);
    const { body } = await member.post('/api/recovery', { email });
    const code = await member.codeFor(email);
    const crowd = strangers(20);
    const answers = await atOnce(crowd, (one, n) =>
      one.post('/api/recovery/complete', {
        challenge: body.challenge.id,
        code,
        password: passwordOf(n),
      }),
    );
    expectOrderly(answers, [200, 410, 429]);
    await expectOneOf(email, answers, []);
    expect((await member.get('/api/session')).status).toBe(401);
  });

  it('thirty concurrent sign-ins to one account each get a session, and the newest twenty remain', async () => {
    const email = 'crowded@example.org';
    await stranger().join(email);
    const crowd = strangers(30);
    const answers = await atOnce(crowd, (one) =>
      one.post('/api/sign-in', { email, password: goodPassword }),
    );
    expectOrderly(answers, [200, 429]);
    const last = stranger();
    expect((await last.post('/api/sign-in', { email, password: goodPassword })).status).toBe(200);
    const valid = (
      await Promise.all([...crowd, last].map((one) => one.get('/api/session')))
    ).filter(({ status }) => status === 200);
    const { body } = await last.get('/api/sessions');
    expect(body.items.length).toBeLessThanOrEqual(maxSessions);
    expect(body.items.length).toBeGreaterThanOrEqual(
      Math.min(maxSessions, countOf(answers, 200) + 2),
    );
    expect(valid.length).toBeGreaterThanOrEqual(Math.min(maxSessions, countOf(answers, 200)) - 1);
    expect((await last.get('/api/session')).status).toBe(200);
  });

  it('an operator link that is used twenty times at once creates one operator', async () => {
    const link = await inStore((store) =>
      offerClaim({ store, clock: systemClock, config: pair[0].config }),
    );
    const token = link.split('#token=')[1];
    const answers = await atOnce(strangers(20), (one, n) =>
      one.post('/api/operators/claim', {
        token,
        email: `op-${n}@example.org`,
        password: goodPassword,
        name: 'Op',
      }),
    );
    expectOrderly(answers, [201, 410]);
    expect(countOf(answers, 201)).toBeLessThanOrEqual(1);
    expect(await accountsLike('op-')).toHaveLength(1);
  });

  /** Of several users who set a password at once, the acknowledged one is stored. */
  async function expectOneOf(
    email: string,
    answers: readonly Answer[],
    crowd: readonly Visitor[],
  ): Promise<void> {
    const told = answers.findIndex(({ status }) => status === 200);
    expect(countOf(answers, 200)).toBeLessThanOrEqual(1);
    // An overloaded database can store a change without confirming it.
    if (told < 0) return expect(countOf(answers, 503)).toBeGreaterThan(0);
    expect((await signIn(email, passwordOf(told))).status).toBe(200);
    const others = [
      goodPassword,
      passwordOf(told === 0 ? 1 : 0),
      passwordOf(told === 19 ? 18 : 19),
    ];
    for (const password of others) expect((await signIn(email, password)).status).toBe(401);
    const sessions = await Promise.all(crowd.map((one) => one.get('/api/session')));
    expect(sessions.flatMap(({ status }, n) => (status === 200 ? [n] : []))).toEqual(
      crowd.length === 0 ? [] : [told],
    );
  }
});

function atOnce(
  crowd: readonly Visitor[],
  ask: (one: Visitor, n: number) => Promise<Answer>,
): Promise<Answer[]> {
  return Promise.all(crowd.map(ask));
}

/**
 * Asserts that late requests are answered as such and conflicting ones are told to retry: none gets
 * a 500.
 */
function expectOrderly(answers: readonly Answer[], allowed: readonly number[]): void {
  expect(
    answers.map(({ status }) => status).filter((status) => ![...allowed, 503].includes(status)),
  ).toEqual([]);
  const sentAway = answers.filter(({ status }) => [429, 503].includes(status));
  expect(sentAway.filter(({ headers }) => !(Number(headers.get('Retry-After')) > 0))).toEqual([]);
}

function countOf(answers: readonly Answer[], status: number): number {
  return answers.filter((answer) => answer.status === status).length;
}
