import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../test/free-port.ts';
import { makeLog } from '../log.ts';
import { listen, type Listening } from './listen.ts';

const lines: string[] = [];
let listening: Listening;
let port: number;

beforeAll(async () => {
  port = await freePort();
  const config = {
    host: '127.0.0.1',
    port,
    tls: null,
    secure: false,
    origin: `http://localhost:${port}`,
  };
  listening = await listen(
    async () => new Response('served'),
    config,
    makeLog('info', { write: (line) => void lines.push(line) }),
  );
});
afterAll(() => listening.close(0));

async function send(bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.end(bytes);
  return text(socket);
}

it('a malformed request, or one with two hosts, gets a problem with headers, a body, and a request ID that the log has', async () => {
  const requests: [string, number][] = [
    ['GARBAGE\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
    ['POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
    [`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ];
  for (const [bytes, status] of requests) {
    const [head = '', body = ''] = (await send(bytes)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    for (const header of [
      'content-type: application/problem+json',
      'x-content-type-options: nosniff',
      'x-frame-options: DENY',
      'cache-control: no-store',
      'connection: close',
    ]) {
      expect(head.toLowerCase()).toContain(header.toLowerCase());
    }
    const problem = JSON.parse(body);
    expect(problem).toMatchObject({ type: '/problems/malformed', status });
    expect(lines.filter((line) => line.includes(problem.reference))).toHaveLength(1);
  }
  expect(await send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).toContain('served');
});
