import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port of this machine that nobody has: the wanted one, else any. */
export async function freePort(wanted = 0): Promise<number> {
  const server = createServer().listen(wanted, '127.0.0.1');
  const isFree = await once(server, 'listening').then(() => true, () => false);
  if (!isFree) return freePort();
  const at = server.address();
  server.close();
  await once(server, 'close');
  if (at === null || typeof at === 'string') throw new Error('No free port.');
  return at.port;
}
