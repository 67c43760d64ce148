import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the ports that the system gives to connections and to whoever asks for any (Linux: from 32768): one of those
// can be gone again before the server that was told of it listens.
const lowest = 12_000;
/** Each worker of a run has so many to itself. */
const each = 5_000;
const first = lowest + (Number(process.env.VITEST_POOL_ID ?? 0) % 4) * each;
let next = Math.floor(Math.random() * each);

/** A port of this machine that nobody has, and no other test is given: the wanted one, else any. */
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
