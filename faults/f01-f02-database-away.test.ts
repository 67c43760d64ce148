import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEncryptedFile } from '../test/encrypted-file.ts';
import { noMongoDB, ownMongoDB } from '../test/own-mongodb.ts';
import { type ServerProcess, serverProcesses } from '../test/server-process.ts';
import { temporaryDirectory } from '../test/temporary-directory.ts';
import { type Answer, goodPassword, type Visitor } from '../test/visitor.ts';

const email = 'ada@example.org';
const within = 5_000;
const healsWithin = 10_000;
/**
 * An event loop that waited for a lock would be blocked for seconds; the rest is margin for a busy
 * machine.
 */
const fast = 1_000;

/** Every kind of request that needs the database, as a signed-in user. */
const requests: [method: string, path: string, body?: object][] = [
  ['GET', '/api/deployment'],
  ['GET', '/api/session'],
  ['GET', '/api/sessions'],
  ['GET', '/api/trust'],
  ['POST', '/api/sign-in', { email, password: goodPassword }],
  ['POST', '/api/sign-up', { email: 'grace@example.org', password: goodPassword, name: 'Grace' }],
  ['POST', '/api/challenges/none/verify', { code: '123456' }],
  ['POST', '/api/challenges/none/resend'],
  [
    'POST',
    '/api/operators/claim',
    { token: 'none', email: 'op@example.org', password: goodPassword, name: 'Op' },
  ],
  ['POST', '/api/sign-out'],
];

describe.skipIf(noMongoDB)(
  'F1 and F2: a database that becomes unavailable and returns, on MongoDB',
  () => {
    const servers = serverProcesses();
    const mongodb = ownMongoDB({ syncOnCommit: true });
    const database = () => ({ kind: 'mongodb' as const, url: mongodb().url('flowcept_test_away') });
    let server: ServerProcess;
    let visitor: Visitor;

    beforeAll(async () => {
      server = await servers.start({ database: database() });
      visitor = server.visitor();
      expect((await visitor.join(email)).status).toBe(200);
    }, 120_000);

    it(
      'requests are answered 503 within five seconds meanwhile, and succeed within ten seconds of its return, without a restart',
      { timeout: 120_000 },
      async () => {
        await mongodb().kill();
        // Clients that were connected, and clients that must connect again.
        for (const round of ['at once', 'later']) await expectAway(visitor, round);
        await mongodb().restart();

        await expect
          .poll(async () => (await visitor.get('/api/session')).status, {
            timeout: healsWithin,
            interval: 100,
          })
          .toBe(200);
        expect((await visitor.get('/readyz')).status).toBe(200);
        expect((await server.visitor().join('later@example.org')).status).toBe(200);
      },
    );

    it(
      'a server that starts meanwhile waits for the database, and then serves',
      { timeout: 120_000 },
      async () => {
        await mongodb().kill();
        const late = await servers.begin({ database: database() });
        const stranger = late.visitor();
        await expect
          .poll(
            () =>
              stranger.get('/healthz').then(
                ({ status }) => status,
                () => 0,
              ),
            { timeout: within, interval: 50 },
          )
          .toBe(200);
        await expectAway(stranger, 'before the start');
        const saidSo = () =>
          late.lines().filter((line) => line.includes('The database is unreachable.'));
        await expect.poll(saidSo, { timeout: within }).toHaveLength(1);

        await mongodb().restart();
        await expect
          .poll(async () => (await stranger.get('/readyz')).status, {
            timeout: healsWithin,
            interval: 100,
          })
          .toBe(200);
        expect(saidSo()).toHaveLength(1);
        expect(
          (await stranger.post('/api/sign-in', { email, password: goodPassword })).status,
        ).toBe(200);
      },
    );
  },
);

describe('F1 and F2: a database file that another process keeps locked, on libSQL', () => {
  const servers = serverProcesses();
  let server: ServerProcess;
  let path: string;
  let visitor: Visitor;

  beforeAll(async () => {
    path = `${await temporaryDirectory()}/flowcept.db`;
    server = await servers.start({ database: { kind: 'libsql', path } });
    visitor = server.visitor();
    expect((await visitor.join(email)).status).toBe(200);
  }, 120_000);

  it.each(['IMMEDIATE', 'EXCLUSIVE'])(
    'writes are answered 503 within five seconds (BEGIN %s), and reads and probes stay fast',
    { timeout: 120_000 },
    async (kind) => {
      const file = await openEncryptedFile(path, server.config);
      file.exec(`BEGIN ${kind}`);
      const writes = Promise.all(
        Array.from({ length: 5 }, () =>
          timed(server.visitor().post('/api/sign-in', { email, password: goodPassword })),
        ),
      );
      const slowest = await slowestUntil(writes, () => [
        visitor.get('/healthz'),
        visitor.get('/readyz'),
        visitor.get('/api/session'),
        visitor.get('/api/trust'),
        visitor.get('/security'),
      ]);
      file.exec('ROLLBACK');
      file.close();

      for (const { answer, took } of await writes)
        expectUnavailable(answer, took, `sign-in after ${took} ms`);
      expect(slowest.statuses).toEqual(new Set([200]));
      expect(slowest.took).toBeLessThan(fast);
      await expect
        .poll(
          async () =>
            (await server.visitor().post('/api/sign-in', { email, password: goodPassword })).status,
          { timeout: healsWithin, interval: 100 },
        )
        .toBe(200);
    },
  );

  it(
    'a server that starts meanwhile answers probes fast, waits for the database, and then serves',
    { timeout: 120_000 },
    async () => {
      const config = server.config;
      await server.kill('SIGTERM');
      const file = await openEncryptedFile(path, config);
      // Locked for readers too, as by a backup program.
      for (const step of [
        'PRAGMA locking_mode = EXCLUSIVE',
        'BEGIN EXCLUSIVE',
        'DELETE FROM holds',
        'COMMIT',
      ])
        file.exec(step);
      const late = await servers.begin({ database: { kind: 'libsql', path } });
      const stranger = late.visitor();
      await expect
        .poll(
          () =>
            stranger.get('/healthz').then(
              ({ status }) => status,
              () => 0,
            ),
          { timeout: within, interval: 50 },
        )
        .toBe(200);
      const meanwhile = await slowestUntil(wait(within + 1_000), () => [
        stranger.get('/healthz'),
        stranger.get('/readyz'),
        stranger.get('/api/session'),
      ]);
      expect(meanwhile.statuses).toEqual(new Set([200, 503]));
      expect(meanwhile.took).toBeLessThan(fast);
      expect(
        late.lines().filter((line) => line.includes('The database is unreachable.')),
      ).toHaveLength(1);
      file.close();

      await expect
        .poll(async () => (await stranger.get('/readyz')).status, {
          timeout: healsWithin,
          interval: 100,
        })
        .toBe(200);
      expect((await stranger.post('/api/sign-in', { email, password: goodPassword })).status).toBe(
        200,
      );
    },
  );
});

async function expectAway(visitor: Visitor, when: string): Promise<void> {
  // Signing out clears the cookie, which the next round needs.
  const cookies = [...visitor.cookies];
  const answers = await Promise.all(
    requests.map(async ([method, path, body]) => ({
      asked: `${method} ${path} ${when}`,
      ...(await timed(visitor.send(method, path, body))),
    })),
  );
  for (const [name, value] of cookies) visitor.cookies.set(name, value);
  for (const { asked, answer, took } of answers)
    expectUnavailable(answer, took, `${asked} after ${took} ms`);

  const [healthy, ready] = [
    await timed(visitor.get('/healthz')),
    await timed(visitor.get('/readyz')),
  ];
  expect(healthy.answer.status).toBe(200);
  expect(healthy.took).toBeLessThan(fast);
  expect(ready.answer.status).toBe(503);
  expect(ready.took).toBeLessThan(within);
}

function expectUnavailable({ status, headers, body }: Answer, took: number, asked: string): void {
  expect(
    {
      status,
      type: body.type,
      content: headers.get('Content-Type'),
      reference: typeof body.reference,
    },
    asked,
  ).toEqual({
    status: 503,
    type: '/problems/unavailable',
    content: 'application/problem+json',
    reference: 'string',
  });
  expect(Number(headers.get('Retry-After')), asked).toBeGreaterThan(0);
  expect(took, asked).toBeLessThan(within);
}

async function timed(answer: Promise<Answer>): Promise<{ answer: Answer; took: number }> {
  const startedAt = performance.now();
  return { answer: await answer, took: Math.round(performance.now() - startedAt) };
}

/** Sends requests until `over`; returns how long the slowest answer took, and the statuses. */
async function slowestUntil(
  over: Promise<unknown>,
  ask: () => Promise<Answer>[],
): Promise<{ took: number; statuses: Set<number> }> {
  const seen: { answer: Answer; took: number }[] = [];
  let isOver = false;
  void over.finally(() => (isOver = true));
  while (!isOver) {
    seen.push(...(await Promise.all(ask().map(timed))));
    await wait(50);
  }
  return {
    took: Math.max(...seen.map(({ took }) => took)),
    statuses: new Set(seen.map(({ answer }) => answer.status)),
  };
}
