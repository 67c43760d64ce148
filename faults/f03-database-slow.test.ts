import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEncryptedFile } from '../test/encrypted-file.ts';
import { noMongoDB, ownMongoDB } from '../test/own-mongodb.ts';
import { type ServerProcess, serverProcesses } from '../test/server-process.ts';
import { temporaryDirectory } from '../test/temporary-directory.ts';
import { goodPassword, type Visitor } from '../test/visitor.ts';
import { type Wire, wireTo } from '../test/wire.ts';

const email = 'ada@example.org';
const healsWithin = 10_000;
/** The maximum for any request, however many queries it makes. */
const ends = 20_000;
/** The maximum for half of the probes; a single one can meet a busy machine. */
const fast = 200;

describe.skipIf(noMongoDB)(
  'F3: a database that answers after two seconds, or not at all, on MongoDB',
  () => {
    const servers = serverProcesses();
    const mongodb = ownMongoDB({ syncOnCommit: true });
    let wire: Wire;
    let server: ServerProcess;
    let member: Visitor;

    beforeAll(async () => {
      wire = await wireTo(Number(new URL(mongodb().url('any')).port));
      const url = `mongodb://127.0.0.1:${wire.port}/flowcept_test_slow?directConnection=true`;
      server = await servers.start({ database: { kind: 'mongodb', url } });
      member = server.visitor();
      expect((await member.join(email)).status).toBe(200);
      return () => wire.close();
    }, 120_000);

    it(
      'requests succeed or fail with a proper problem, and the process stays responsive',
      { timeout: 120_000 },
      async () => {
        wire.slow(1_000);
        const signUps = Array.from({ length: 10 }, (_, n) => ({
          visitor: server.visitor(),
          email: `slow-${n}@example.org`,
        }));
        const signedUp = signUps.map(({ visitor, email }) =>
          visitor.post('/api/sign-up', { email, password: goodPassword, name: 'Ada' }),
        );
        const others = Array.from({ length: 60 }, (_, n) =>
          n % 2
            ? member.get('/api/session')
            : server.visitor().post('/api/sign-in', { email, password: goodPassword }),
        );
        const probes = probesUntil(server, Promise.all([...signedUp, ...others]));
        const answers = await Promise.all([...signedUp, ...others]);
        wire.heal();

        expect(
          answers
            .filter(({ status }) => ![200, 202, 503].includes(status))
            .map(({ status, body }) => ({ status, body })),
        ).toEqual([]);
        const { slowest, median, statuses } = await probes;
        expect(statuses).toEqual(new Set([200]));
        expect(median).toBeLessThan(fast);
        expect(slowest).toBeLessThan(5 * fast);
        await expectHealed(server);
        // Every user who was promised a code receives one.
        for (const [n, { visitor, email }] of signUps.entries())
          if (answers[n]?.status === 202) expect(await visitor.codeFor(email)).toMatch(/^\d{6}$/);
      },
    );

    it(
      'a request whose rate limit cannot be counted is rejected',
      { timeout: 120_000 },
      async () => {
        wire.freeze();
        const startedAt = performance.now();
        const tries = Array.from({ length: 20 }, (_, n) =>
          server.visitor().post('/api/sign-in', {
            email,
            password: n % 2 ? goodPassword : 'not the password at all',
          }),
        );
        const answers = await Promise.all(tries);
        expect(answers.map(({ status }) => status)).toEqual(tries.map(() => 503));
        expect(performance.now() - startedAt).toBeLessThan(ends);
        wire.heal();
        await expectHealed(server);
      },
    );
  },
);

describe('F3: a database file that another process uses nearly all the time, on libSQL', () => {
  const servers = serverProcesses();

  it(
    'requests succeed or fail within five seconds, and the process stays responsive',
    { timeout: 120_000 },
    async () => {
      const path = `${await temporaryDirectory()}/flowcept.db`;
      const server = await servers.start({ database: { kind: 'libsql', path } });
      const member = server.visitor();
      expect((await member.join(email)).status).toBe(200);
      const file = await openEncryptedFile(path, server.config);
      let over = false;
      const hog = (async () => {
        for (; !over; await wait(40)) {
          file.exec('BEGIN IMMEDIATE');
          await wait(900);
          file.exec('ROLLBACK');
        }
      })();
      const requests = Array.from({ length: 20 }, (_, n) =>
        n % 2
          ? member.get('/api/sessions')
          : server.visitor().post('/api/sign-in', { email, password: goodPassword }),
      );
      const probes = probesUntil(server, Promise.all(requests));
      const answers = await Promise.all(requests);
      over = true;
      await hog;
      file.close();

      expect(answers.filter(({ status }) => ![200, 503].includes(status))).toEqual([]);
      expect(
        answers.filter((_, n) => n % 2).map(({ status }) => status),
        'who only reads does not wait',
      ).toEqual(Array.from({ length: 10 }, () => 200));
      const { median, slowest, statuses } = await probes;
      expect(statuses).toEqual(new Set([200]));
      expect(median).toBeLessThan(fast);
      expect(slowest).toBeLessThan(5 * fast);
      await expectHealed(server);
    },
  );
});

async function expectHealed(server: ServerProcess): Promise<void> {
  const signIn = async () =>
    (await server.visitor().post('/api/sign-in', { email, password: goodPassword })).status;
  await expect.poll(signIn, { timeout: healsWithin, interval: 200 }).toBe(200);
}

/** How long `/healthz` takes until `over` resolves. */
async function probesUntil(
  server: ServerProcess,
  over: Promise<unknown>,
): Promise<{ median: number; slowest: number; statuses: Set<number> }> {
  const [took, statuses]: [number[], Set<number>] = [[], new Set()];
  let isOver = false;
  void over.finally(() => (isOver = true));
  for (; !isOver; await wait(100)) {
    const startedAt = performance.now();
    statuses.add((await server.visitor().get('/healthz')).status);
    took.push(performance.now() - startedAt);
  }
  took.sort((a, b) => a - b);
  return { median: took[Math.floor(took.length / 2)] ?? 0, slowest: took.at(-1) ?? 0, statuses };
}
