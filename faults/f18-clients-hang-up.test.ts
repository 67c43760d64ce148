import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { onBothStores } from '../test/on-both-stores.ts';
import { memoryOf, openFilesOf } from '../test/process-limits.ts';
import { serverProcesses } from '../test/server-process.ts';
import { goodPassword } from '../test/visitor.ts';

const times = 500;
const sideBySide = 20;
const maxMemory = 100;

onBothStores('F18: clients that hang up', (makeDatabase) => {
  const servers = serverProcesses();

  it(
    'five hundred disconnections, at every byte of a request and during the answer, leave no open connection and no fault',
    { timeout: 120_000 },
    async () => {
      const server = await servers.start({ database: await makeDatabase() });
      expect((await server.visitor().join('ada@example.org')).status).toBe(200);
      const [files, memory] = [await openFilesOf(server.pid), await memoryOf(server.pid)];
      const request = signUpRequest(server.port);
      for (let n = 0; n < times; n += sideBySide) {
        await Promise.all(
          Array.from({ length: sideBySide }, (_, m) =>
            hangUp(
              server.port,
              request.slice(0, cutAt(n + m, request.length)),
              `127.80.${n % 250}.${m + 1}`,
            ),
          ),
        );
      }

      await expect
        .poll(() => openFilesOf(server.pid), { timeout: 10_000 })
        .toBeLessThanOrEqual(files + 12);
      expect((await memoryOf(server.pid)) - memory).toBeLessThan(maxMemory);
      const faults = server
        .lines()
        .filter((line) => JSON.parse(line).level >= 50 && !/"status":503/.test(line));
      expect(faults).toEqual([]);
      // A database that was under load may still be working on requests that were abandoned.
      const joins = () =>
        server
          .visitor()
          .join('grace@example.org')
          .then(
            ({ status }) => status,
            () => 503,
          );
      await expect.poll(joins, { timeout: 15_000, interval: 500 }).toBe(200);
      expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    },
  );
});

/** Every offset once. A client that has sent everything disconnects during the answer. */
function cutAt(n: number, length: number): number {
  return n % 5 === 4 ? length : Math.floor((n / times) * length);
}

function signUpRequest(port: number): string {
  const body = JSON.stringify({ email: 'gone@example.org', password: goodPassword, name: 'Gone' });
  const head = [
    'POST /api/sign-up HTTP/1.1',
    `Host: localhost:${port}`,
    'Sec-Fetch-Site: same-origin',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    '',
    '',
  ];
  return head.join('\r\n') + body;
}

async function hangUp(port: number, sent: string, localAddress: string): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', localAddress }).on('error', () => {});
  await once(socket, 'connect');
  socket.write(sent);
  await wait(Math.random() * 60);
  socket.resetAndDestroy();
}
