import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { onBothStores } from '../test/on-both-stores.ts';
import { limitProcess, memoryOf, openFilesOf, pinToOneProcessor } from '../test/process-limits.ts';
import { type ServerProcess, serverProcesses } from '../test/server-process.ts';
import { goodPassword } from '../test/visitor.ts';

const maxFiles = 256;
const maxMemory = 256;
const healsWithin = 15_000;
const rounds = 20;
/** Whose session is watched, and which users sign in so often that their oldest sessions end. */
const [email, often] = ['ada@example.org', 'often@example.org'];
/** One thread hashes, writes files and resolves names for all users. */
const little = { NODE_OPTIONS: '--max-old-space-size=160', UV_THREADPOOL_SIZE: '1' };

onBothStores('F25: a server with one processor, 256 files and 256 MB', (makeDatabase) => {
  const servers = serverProcesses();

  it(
    'fifty requests a second succeed or are refused, also without free file descriptors; memory stays bounded, and the server recovers',
    { timeout: 240_000 },
    async () => {
      const server = await servers.start({ database: await makeDatabase(), variables: little });
      const member = server.visitor();
      expect((await member.join(email)).status).toBe(200);
      expect((await server.visitor().join(often)).status).toBe(200);
      await pinToOneProcessor(server.pid);
      await limitProcess(server.pid, { openFiles: maxFiles });
      const files = await openFilesOf(server.pid);

      const statuses: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        // Half of the time there is no free file descriptor.
        const hogs = round % 2 ? await idleClients(server.port, maxFiles) : [];
        statuses.push(...(await aSecondOf(server, member)));
        for (const socket of hogs) socket.destroy();
      }

      expect(
        [...new Set(statuses)].filter((status) => ![0, 200, 202, 429, 503].includes(status)),
      ).toEqual([]);
      expect(statuses).toContain(0);
      const served = statuses.filter((status) => status === 200 || status === 202).length;
      expect(served).toBeGreaterThan(rounds);
      await expect
        .poll(async () => (await member.get('/api/session')).status, {
          timeout: healsWithin,
          interval: 200,
        })
        .toBe(200);
      await expect
        .poll(
          async () =>
            (await server.visitor().post('/api/sign-in', { email, password: goodPassword })).status,
          { timeout: healsWithin, interval: 200 },
        )
        .toBe(200);
      await expect
        .poll(() => openFilesOf(server.pid), { timeout: healsWithin, interval: 200 })
        .toBeLessThanOrEqual(files + 10);
      expect(await memoryOf(server.pid, 'VmHWM')).toBeLessThan(maxMemory);
      expect(
        server
          .lines()
          .filter((line) => JSON.parse(line).level >= 50 && !line.includes('"status":503')),
      ).toEqual([]);
      expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    },
  );
});

/** Sends fifty requests and waits for all of them; 0: the connection was refused or closed. */
async function aSecondOf(
  server: ServerProcess,
  member: ReturnType<ServerProcess['visitor']>,
): Promise<number[]> {
  const ask = (n: number) => {
    if (n % 10 === 0)
      return server.visitor().post('/api/sign-in', { email: often, password: goodPassword });
    if (n % 10 === 5)
      return server.visitor().post('/api/sign-up', {
        email: `new-${Math.random()}@example.org`,
        password: goodPassword,
        name: 'New',
      });
    return n % 2 ? member.get('/api/session') : server.visitor().get('/security');
  };
  const begun = Array.from({ length: 50 }, async (_, n) => {
    await wait(n * 20);
    return ask(n).then(
      ({ status }) => status,
      () => 0,
    );
  });
  return Promise.all(begun);
}

async function idleClients(port: number, count: number): Promise<Socket[]> {
  const sockets = Array.from({ length: count }, (_, n) =>
    connect({ port, host: '127.0.0.1', localAddress: `127.90.${n % 250}.1` }).on('error', () => {}),
  );
  await Promise.all(
    sockets.map((socket) => Promise.race([once(socket, 'connect'), once(socket, 'close')])),
  );
  return sockets;
}
