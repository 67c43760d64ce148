import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Wire {
  port: number;
  /** Connections stay open and nothing comes through. */
  freeze(): void;
  /** Everything takes this many milliseconds, each way. */
  slow(milliseconds: number): void;
  /** As at first. What was under way is lost, and so are the connections. */
  heal(): void;
  close(): void;
}

/** A wire to a server on this port of this machine, which tests can make worse. */
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
