import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the ephemeral ports (Linux: from 32768): one of those can be taken again before the server
// that was given it listens.
const lowest = 12_000;
/** The number of ports for each worker of a run. */
const each = 5_000;
const first = lowest + (Number(process.env.VITEST_POOL_ID ?? 0) % 4) * each;
let next = Math.floor(Math.random() * each);

/** A free port of this machine that no other test is given: the preferred one, otherwise any. */
export async function freePort(wanted?: number): Promise<number> {
  next = (next + 1) % each;
  const port = wanted ?? first + next;
  const server = createServer().listen(port, '127.0.0.1');
  const isFree = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  if (!isFree) return freePort();
  server.close();
  await once(server, 'close');
  return port;
}
