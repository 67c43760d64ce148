import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fewAtATime } from '../../attacks/parallel.ts';
import { freePort } from '../../test/free-port.ts';
import { makeLog } from '../log.ts';
import { listen, listenForRedirects, type Listening } from './listen.ts';

const lines: string[] = [];
let listening: Listening;
let redirecting: Listening;
let port: number;
let plainPort: number;

beforeAll(async () => {
  [port, plainPort] = [await freePort(), await freePort()];
  const config = {
    host: '127.0.0.1',
    port,
    tls: null,
    secure: false,
    origin: `http://localhost:${port}`,
    trustProxy: 0,
  };
  const log = makeLog('info', { write: (line) => void lines.push(line) });
  listening = await listen(async () => new Response('served'), config, log);
  redirecting = await listenForRedirects(
    { origin: 'https://localhost', host: '127.0.0.1' },
    plainPort,
    log,
  );
});
afterAll(() => Promise.all([listening.close(0), redirecting.close(0)]));

async function send(bytes: string, to = port): Promise<string> {
  const socket = connect(to, '127.0.0.1');
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
    ['GET / HTTP/1.1\r\n\r\n', 400],
    ['GET / HTTP/1.0\r\n\r\n', 400],
    ['GET /api/session HTTP/1.0\r\n\r\n', 400],
    ['OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['GET /\\evil HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['GET http:// HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nHost: a/b\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nHost: [\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nHost:\r\n\r\n', 400],
    ['CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n', 400],
    ['POST / HTTP/1.1\r\nHost: a\r\nExpect: magic\r\nContent-Length: 0\r\n\r\n', 417],
  ];
  for (const [bytes, status] of requests) {
    const [head = '', body = ''] = (await send(bytes)).split('\r\n\r\n');
    expect(head, bytes.slice(0, 60)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
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

it('probes by HTTP/1.0 need no host', async () => {
  for (const path of ['/healthz', '/readyz'])
    expect(await send(`GET ${path} HTTP/1.0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 [^]*served$/);
});

it('a browser with too many cookies gets a page that says what to do', async () => {
  const accept = 'Accept: text/html,application/xhtml+xml\r\n';
  const cookies = `Cookie: ${'x'.repeat(20_000)}\r\n`;
  const [head = '', body = ''] = (
    await send(`GET / HTTP/1.1\r\nHost: a\r\n${accept}${cookies}\r\n`)
  ).split('\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 431 /);
  expect(head).toContain('content-type: text/html; charset=utf-8');
  expect(head).toContain('x-content-type-options: nosniff');
  expect(body).toContain('Delete the cookies of this site');
  const [, reference = 'none'] = /<code>([^<]+)<\/code>/.exec(body) ?? [];
  expect(lines.filter((line) => line.includes(reference))).toHaveLength(1);
});

it('a call of the API over plain HTTP is refused, however its path is written', async () => {
  for (const path of ['/api/sign-in', '/%61pi/sign-in', '/x/../api/sign-in', '/x/%2e%2e/%61pi/y']) {
    const text = await send(
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n`,
      plainPort,
    );
    expect(text, path).toMatch(/^HTTP\/1\.1 403 [^]*https-required/);
  }
  expect(await send('GET /home?a=b HTTP/1.1\r\nHost: localhost\r\n\r\n', plainPort)).toMatch(
    /^HTTP\/1\.1 308 [^]*location: https:\/\/localhost\/home\?a=b\r\n/i,
  );
  for (const odd of ['GARBAGE\r\n\r\n', 'CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n'])
    expect(await send(odd, plainPort)).toContain('x-content-type-options: nosniff');
});

it('one network cannot hold all connections', { timeout: 60_000 }, async () => {
  const sockets: Socket[] = [];
  const open = async () => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: '127.70.0.1' });
    socket.on('error', () => {});
    sockets.push(socket);
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  };
  // In batches that fit into the queue of the listening socket: what overflows it is accepted only seconds later.
  await fewAtATime(Array.from({ length: 1_050 }), 150, open);
  await expect.poll(() => sockets.filter(({ closed }) => closed).length).toBe(50);
  expect(await send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).toContain('served');
  for (const socket of sockets) socket.destroy();
});
