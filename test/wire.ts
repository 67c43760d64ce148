import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Wire {
  port: number;
  /** Connections stay open and no data passes. */
  freeze(): void;
  /** Delays all data by this many milliseconds in each direction. */
  slow(milliseconds: number): void;
  /** Restores the normal state. Delayed data is lost, and its connections are closed. */
  heal(): void;
  close(): void;
}

/** A TCP connection to a server on this port of this machine, which tests can disturb. */
export async function wireTo(port: number): Promise<Wire> {
  const sockets = new Set<Socket>();
  const straight = (send: () => void): void => send();
  let pass = straight;
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one
        .on('data', (bytes) => pass(() => void other.write(bytes)))
        .on('error', () => other.destroy());
      one.on('close', () => {
        other.destroy();
        sockets.delete(one);
      });
    }
  });
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    freeze: () => (pass = () => {}),
    slow: (milliseconds) => (pass = (send) => void setTimeout(send, milliseconds)),
    heal() {
      pass = straight;
      cut();
    },
    close() {
      cut();
      server.close();
    },
  };
}
