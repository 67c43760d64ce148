import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { readConfig, type Config } from '../../config.ts';
import { makeHttpClient } from './http-client.ts';

let server: Server | undefined;
afterEach(
  () => new Promise<void>((resolve) => void (server ? server.close(() => resolve()) : resolve())),
);

/** A server that responds with the client address and headers of the request. */
async function echo(host: string, variables: Record<string, string> = {}): Promise<Config> {
  server = createServer((request, answer) => {
    answer.setHeader('Set-Cookie', ['a=1', 'b=2']);
    answer.end(
      JSON.stringify({
        from: request.socket.remoteAddress,
        method: request.method,
        headers: request.headers,
      }),
    );
  });
  await new Promise<void>((resolve) => server?.listen(0, host, resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return readConfig({ PORT: String(port), HOST: host, ...variables });
}

const get = { method: 'GET', path: '/' };
const never = new AbortController().signal;

test('each visitor has its own loopback address and keeps it', async () => {
  const httpClient = makeHttpClient(await echo('127.0.0.1'), never);
  const from = async (visitor: string) =>
    JSON.parse((await httpClient.send(visitor, get, null)).body).from;
  const [ada, ben] = [await from('ada'), await from('ben')];
  expect(ada).toMatch(/^127\./);
  expect(new Set([ada, ben, '127.0.0.1']).size).toBe(3);
  expect(await from('ada')).toBe(ada);
});

test.each(['::1', '::', '0.0.0.0', 'localhost'])(
  'a listener on %s is reachable with and without a visitor’s address',
  async (host) => {
    const httpClient = makeHttpClient(await echo(host), never);
    expect((await httpClient.send('ada', get, null)).status).toBe(200);
  },
);

test('a request uses the public name, like a browser on our own pages', async () => {
  const config = await echo('127.0.0.1', { PUBLIC_URL: 'https://app.localhost' });
  const { body, setCookies, headers, to } = await makeHttpClient(config, never).send(
    'ada',
    { method: 'POST', path: '/x?y', json: { z: 1 } },
    'c=3',
  );
  expect(JSON.parse(body).headers).toMatchObject({
    host: 'app.localhost',
    origin: 'https://app.localhost',
    'sec-fetch-site': 'same-origin',
    cookie: 'c=3',
    'content-type': 'application/json',
    'content-length': '7',
  });
  expect({ setCookies, to }).toEqual({ setCookies: ['a=1', 'b=2'], to: 'POST /x?y' });
  expect(headers['set-cookie']).toBeUndefined();
});

test('a request is aborted when its run ends', async () => {
  const stop = new AbortController();
  const httpClient = makeHttpClient(await echo('127.0.0.1'), stop.signal);
  stop.abort();
  await expect(httpClient.send('ada', get, null)).rejects.toThrow();
});
