import { expect, it } from 'vitest';
import type { DatabaseSetting } from '../src/environment.ts';
import { onBothStores } from '../test/on-both-stores.ts';
import { type ServerProcess, serverProcesses, type Variables } from '../test/server-process.ts';
import { goodPassword } from '../test/visitor.ts';

const email = 'ada@example.org';
const fatal = 60;
const signIn = (server: ServerProcess) =>
  server.visitor().post('/api/sign-in', { email, password: goodPassword });

/** Node.js runs this before our code. Each SIGUSR2 calls `strike`. */
const preload = (strike: string): Variables => ({
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(`${strike}\nprocess.on('SIGUSR2', strike);`)}`,
});

const breakHashes = `
  import crypto from 'node:crypto';
  import { syncBuiltinESMExports } from 'node:module';
  let other = () => { throw new Error('a defect'); };
  const strike = () => {
    [crypto.createHmac, other] = [other, crypto.createHmac];
    syncBuiltinESMExports();
  };`;

onBothStores('F27: a defect', (makeDatabase) => {
  const servers = serverProcesses();
  const strike = ({ pid }: ServerProcess) => process.kill(pid, 'SIGUSR2');

  it(
    'an error within a request is answered 500 with a request ID, is logged once with its cause, and consumes no limit',
    { timeout: 120_000 },
    async () => {
      const server = await servers.start({
        database: await makeDatabase(),
        variables: preload(breakHashes),
      });
      const member = server.visitor();
      expect((await member.join(email)).status).toBe(200);
      strike(server);
      await expect.poll(async () => (await signIn(server)).status).toBe(500);

      // More than the attempts for wrong passwords, and than the places for hashing.
      for (let n = 0; n < 40; n += 1) {
        const { status, headers, body } = await signIn(server);
        expect([status, headers.get('Content-Type'), body.type]).toEqual([
          500,
          'application/problem+json',
          '/problems/internal',
        ]);
        expect(JSON.stringify(body)).not.toMatch(/a defect|\.js|node:/);
        const lines = () => server.lines().filter((line) => line.includes(body.reference));
        await expect.poll(lines).toHaveLength(1);
        expect(JSON.parse(lines()[0] ?? '').cause).toMatchObject({
          message: 'a defect',
          stack: expect.stringMatching(/\n\s+at /),
        });
      }
      expect((await member.get('/api/session')).status).toBe(200);
      strike(server);
      await expect.poll(async () => (await signIn(server)).status).toBe(200);
    },
  );

  it.each([
    ['an uncaught exception', `throw new Error('a defect')`],
    ['an unhandled rejection', `void Promise.reject(new Error('a defect'))`],
  ])(
    'an error that is %s ends the process with a log line that says where, and no data is lost at the next start',
    { timeout: 120_000 },
    async (_, defect) => {
      const database: DatabaseSetting = await makeDatabase();
      const server = await servers.start({
        database,
        variables: preload(`const strike = () => { ${defect}; };`),
      });
      const member = server.visitor();
      expect((await member.join(email)).status).toBe(200);
      const underWay = Array.from({ length: 5 }, () =>
        signIn(server).then(
          ({ status }) => status,
          () => 0,
        ),
      );
      strike(server);
      expect(await server.ended).toEqual({ code: 1, signal: null });
      expect((await Promise.all(underWay)).filter((status) => ![0, 200].includes(status))).toEqual(
        [],
      );
      const last = server
        .lines()
        .map((line) => JSON.parse(line))
        .filter(({ level }) => level >= fatal);
      expect(last).toMatchObject([
        { err: { message: 'a defect', stack: expect.stringMatching(/\n\s+at /) } },
      ]);

      const next = await servers.start({ database, port: server.port });
      expect((await member.get('/api/session')).status).toBe(200);
      expect((await signIn(next)).status).toBe(200);
    },
  );
});
