import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const connections = 32;
/** Concurrent sign-ins or sign-ups. */
const atOnce = 8;

/**
 * Sends the next request as soon as the last is answered: `{rate}` a second, `{p50, p99}` in
 * milliseconds.
 * @throws if an answer is not a success
 */
export async function checks({ url, cookies, seconds }) {
  const words = [
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    '--timeout',
    '20s',
    '-s',
    join(import.meta.dirname, 'load.lua'),
    url,
    '--',
    cookies,
  ];
  const { stdout } = await promisify(execFile)('wrk', words);
  const seen = JSON.parse(stdout.trim().split('\n').at(-1));
  if (seen.failed > 0) throw new Error(`${url}: ${seen.failed} answers were no success.`);
  return seen;
}

/**
 * Runs `work(n)` eight at a time for that long, finishes what was started, and returns how many a
 * second were done.
 */
export async function hard(work, seconds) {
  const began = performance.now();
  let done = 0;
  const one = async () => {
    while (performance.now() - began < seconds * 1000) {
      await work((done += 1));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return done / ((performance.now() - began) / 1000);
}
