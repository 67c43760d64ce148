// One peer’s process, on loopback, with a directory and a port of its own.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './http.js';

const timeoutMs = 60_000;

/**
 * Starts `peer` in `directory`, with the data of an earlier start. Its log goes into a file there.
 */
export async function start(peer, { directory, cost, port, profile = null }) {
  const { PATH = '' } = process.env;
  const log = openSync(join(directory, 'log'), 'a');
  const flags = profile === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${String(profile)}`];
  const env = {
    PATH,
    NODE_ENV: 'production',
    PORT: `${port}`,
    ...peer.variables({ directory, port, cost }),
  };
  const child = spawn(process.execPath, [...flags, ...peer.program], {
    cwd: directory,
    env,
    stdio: ['ignore', log, log],
  });
  const ended = once(child, 'exit');
  const endWithUs = () => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const origin = `http://127.0.0.1:${port}`;
  return {
    peer,
    origin,
    async ready() {
      const isReady = async () => (await answers(`${origin}${peer.check}`)) && peer.isReady(origin);
      for (const giveUpAt = Date.now() + timeoutMs; !(await isReady()); await sleep(50)) {
        if (child.exitCode !== null || Date.now() > giveUpAt)
          throw new Error(`${peer.name} does not serve; see ${directory}/log`);
      }
    },
    /** Bytes. */
    memory: () =>
      Number(execFileSync('ps', ['-o', 'rss=', '-p', `${child.pid}`], { encoding: 'utf8' })) * 1024,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      process.off('exit', endWithUs);
    },
  };
}

/** Any answer but 5xx. */
const answers = (url) =>
  fetch(url, { headers: { Connection: 'close' } }).then(
    ({ status }) => status < 500,
    () => false,
  );

/** Milliseconds from the start of the process to its first correct answer. */
export async function coldStart(peer, { cookie, ...options }) {
  const began = performance.now();
  const server = await start(peer, options);
  const isThere = () =>
    ask(`${server.origin}${peer.check}`, { headers: { Cookie: cookie } }).then(
      ({ body }) => Boolean(body?.user),
      () => false,
    );
  while (!(await isThere())) {
    if (performance.now() - began > timeoutMs)
      throw new Error(
        `${peer.name} does not know a session of its own; see ${options.directory}/log`,
      );
    await sleep(2);
  }
  const took = performance.now() - began;
  await server.stop();
  return took;
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
