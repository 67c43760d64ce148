import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import type { DatabaseSetting } from '../src/environment.ts';
import { onBothStores } from '../test/on-both-stores.ts';
import { type ServerProcess, serverProcesses } from '../test/server-process.ts';
import { goodPassword } from '../test/visitor.ts';

const inTime = 10_000;
const email = 'ada@example.org';
const signIn = JSON.stringify({ email, password: goodPassword });

onBothStores('F8: a server that is told to stop', (makeDatabase) => {
  const servers = serverProcesses();
  const started = async (variables: Record<string, string> = {}): Promise<ServerProcess> => {
    const database: DatabaseSetting = await makeDatabase();
    const server = await servers.start({ database, variables });
    expect((await server.visitor().join(email)).status).toBe(200);
    return server;
  };

  it(
    'requests in progress are answered, new ones are refused, and the exit code is 0',
    { timeout: 120_000 },
    async () => {
      const server = await started({ BCRYPT_COST: '11' });
      const halfSent = await beginSignIn(server);
      const begun = Array.from({ length: 5 }, () =>
        server.visitor().post('/api/sign-in', { email, password: goodPassword }),
      );
      // When this one is answered, the server has accepted those behind it.
      await begun[0];
      const startedAt = performance.now();
      const ended = server.kill('SIGTERM');
      await expect
        .poll(() => server.lines().some((line) => line.includes('Stopping')), { interval: 10 })
        .toBe(true);
      await expect.poll(() => isRefused(server.port), { interval: 10 }).toBe(true);

      expect(await halfSent.finish()).toMatch(/^HTTP\/1\.1 200 /);
      expect((await Promise.all(begun)).map(({ status }) => status)).toEqual(begun.map(() => 200));
      expect(await ended).toEqual({ code: 0, signal: null });
      expect(performance.now() - startedAt).toBeLessThan(inTime);
    },
  );

  it(
    'a client that never finishes delays the shutdown by ten seconds at most',
    { timeout: 120_000 },
    async () => {
      const server = await started();
      await beginSignIn(server);
      const startedAt = performance.now();
      expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
      expect(performance.now() - startedAt).toBeLessThan(inTime);
    },
  );

  it(
    'the server exits at once without clients, and at the second signal with clients',
    { timeout: 120_000 },
    async () => {
      const [idle, busy] = [await started(), await started()];
      const startedAt = performance.now();
      expect(await idle.kill('SIGTERM')).toEqual({ code: 0, signal: null });
      await beginSignIn(busy);
      void busy.kill('SIGTERM');
      await expect
        .poll(() => busy.lines().some((line) => line.includes('Stopping')), { interval: 10 })
        .toBe(true);
      expect(await busy.kill('SIGTERM')).toEqual({ code: 1, signal: null });
      expect(performance.now() - startedAt).toBeLessThan(inTime / 2);
    },
  );
});

/** Sends half of a sign-in. `finish` sends the rest and returns the answer. */
async function beginSignIn({
  port,
  visitor,
}: ServerProcess): Promise<{ finish(): Promise<string> }> {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  const answer = readAll(socket);
  const half = signIn.length / 2;
  const head = [
    'POST /api/sign-in HTTP/1.1',
    `Host: localhost:${port}`,
    'Content-Type: application/json',
    `Content-Length: ${signIn.length}`,
    '',
    '',
  ];
  socket.write(`${head.join('\r\n')}${signIn.slice(0, half)}`);
  // When this is answered, the server has accepted what came before it.
  await visitor().get('/healthz');
  return {
    finish() {
      socket.write(signIn.slice(half));
      return answer;
    },
  };
}

async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(chunks).toString('utf8');
}

async function isRefused(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const refused = await once(socket, 'connect').then(
    () => false,
    () => true,
  );
  socket.destroy();
  return refused;
}
