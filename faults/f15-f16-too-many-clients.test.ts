import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fewAtATime } from '../attacks/parallel.ts';
import { memoryOf, openFilesOf } from '../test/process-limits.ts';
import { type ServerProcess, serverProcesses } from '../test/server-process.ts';
import { temporaryDirectory } from '../test/temporary-directory.ts';

/** The maximum for half of the probes; on a busy machine, a multiple of what they took before. */
const fast = 100;
const someTimes = 5;
const maxMemory = 150;
const maxConnections = 3_000;
const batchSize = 150;
/** The minimum time before a silent client is disconnected. */
const beforeAnyIsCut = 5_000;

describe('F15 and F16: too many clients, and slow ones, on libSQL', () => {
  const servers = serverProcesses();
  const sockets: Socket[] = [];
  let server: ServerProcess;

  beforeAll(async () => {
    server = await servers.start({
      database: { kind: 'libsql', path: `${await temporaryDirectory()}/flowcept.db` },
    });
  }, 120_000);
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  const clients = async (count: number, says: string): Promise<Socket[]> => {
    // As many at once as fit into the queue of the listening socket: what overflows it is accepted only seconds later.
    const opened = await fewAtATime([...Array(count).keys()], batchSize, (n) =>
      openClient(server.port, `127.70.${n % 250}.1`, says),
    );
    sockets.push(...opened);
    return opened;
  };
  const host = () => `Host: localhost:${server.port}`;
  const half = (line: string) =>
    [line, host(), 'Content-Type: application/json', 'Content-Length: 900', '', '{"email":'].join(
      '\r\n',
    );
  const stillOpen = (some: readonly Socket[]) => () => some.filter(({ closed }) => !closed).length;

  it(
    'two thousand clients with unfinished requests and twenty that read no answer delay no user, and are disconnected',
    { timeout: 240_000 },
    async () => {
      const { body: page } = await server.visitor().get('/home');
      const [, largest] = /src="(\/assets\/[^"]+\.js)"/.exec(page) ?? [];
      const fastNow = Math.max(fast, someTimes * (await medianProbe(server)));
      const [before, files] = [await memoryOf(server.pid), await openFilesOf(server.pid)];
      const greedy = await clients(20, `GET ${largest} HTTP/1.1\r\n${host()}\r\n\r\n`.repeat(200));
      for (const socket of greedy) socket.pause();
      const heads = await clients(1_400, `GET /api/session HTTP/1.1\r\n${host()}\r\nX-Slow: `);
      const bodies = await clients(600, half('POST /api/recovery HTTP/1.1'));
      expect(await medianProbe(server)).toBeLessThan(fastNow);
      expect((await memoryOf(server.pid)) - before).toBeLessThan(maxMemory);

      await expect.poll(stillOpen(heads), { timeout: 30_000, interval: 200 }).toBe(0);
      expect(await medianProbe(server)).toBeLessThan(fastNow);
      await expect.poll(stillOpen(bodies), { timeout: 60_000, interval: 200 }).toBe(0);
      expect((await memoryOf(server.pid)) - before).toBeLessThan(maxMemory);
      await expect
        .poll(() => openFilesOf(server.pid), { timeout: 20_000, interval: 500 })
        .toBeLessThan(files + 10);
      expect((await server.visitor().join('ada@example.org')).status).toBe(200);
    },
  );

  it(
    'clients beyond the maximum are refused, and five seconds after they left the server works as before',
    { timeout: 120_000 },
    async () => {
      // The server waits for an unfinished request for longer than all of this takes.
      const there = await clients(maxConnections, half('POST /api/recovery HTTP/1.1'));
      const late = await clients(100, half('POST /api/recovery HTTP/1.1'));
      await expect.poll(stillOpen(late), { timeout: beforeAnyIsCut }).toBe(0);
      expect(stillOpen(there)()).toBe(maxConnections);
      for (const socket of there) socket.destroy();
      const status = () =>
        server
          .visitor()
          .get('/healthz')
          .then(
            (answer) => answer.status,
            () => 0,
          );
      await expect.poll(status, { timeout: 5_000, interval: 50 }).toBe(200);
    },
  );
});

async function openClient(port: number, localAddress: string, says: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress })
    .on('error', () => {})
    .on('data', () => {});
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  socket.write(says);
  return socket;
}

async function medianProbe(server: ServerProcess): Promise<number> {
  const took: number[] = [];
  for (let n = 0; n < 9; n += 1) {
    const startedAt = performance.now();
    expect((await server.visitor().get('/healthz')).status).toBe(200);
    took.push(performance.now() - startedAt);
  }
  return took.sort((a, b) => a - b)[4] ?? Number.POSITIVE_INFINITY;
}
