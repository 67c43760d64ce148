import type { Server } from 'node:net';
import { clientAddress, networkOf } from '../http/client-address.ts';

/**
 * Bounds the connections that one network may hold, so that it cannot hold all of them. Another one is closed before
 * it is read.
 */
export function shareConnections(server: Server, share: number): void {
  const counts = new Map<string, number>();
  server.on('connection', (socket) => {
    const network = networkOf(clientAddress(socket.remoteAddress ?? '', null, 0));
    const count = (counts.get(network) ?? 0) + 1;
    if (count > share) return void socket.destroy();
    counts.set(network, count);
    socket.once('close', () => {
      const left = (counts.get(network) ?? 1) - 1;
      if (left === 0) counts.delete(network);
      else counts.set(network, left);
    });
  });
}
