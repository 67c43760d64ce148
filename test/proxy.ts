import { once } from 'node:events';
import { createServer, request as openRequest, type IncomingHttpHeaders } from 'node:http';

export interface Passing {
  path: string;
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A proxy in front of the deployment that can change its answers. */
export interface Proxy {
  port: number;
  /** Changes each answer on its way. */
  change: (answer: Passing) => Passing;
  close(): Promise<void>;
}

/**
 * Listens on `port` of this machine and forwards everything to `to`, from the address that it came
 * from.
 */
export async function startProxy(port: number, to: number): Promise<Proxy> {
  const server = createServer((incoming, outgoing) => {
    const { method, url: path = '/', headers, socket } = incoming;
    const localAddress = socket.remoteAddress ?? '127.0.0.1';
    const passed = openRequest(
      { host: '127.0.0.1', port: to, method, path, headers, localAddress, agent: false },
      (answered) => {
        const chunks: Buffer[] = [];
        answered.on('data', (chunk: Buffer) => chunks.push(chunk));
        answered.on('end', () => {
          const {
            status,
            headers: own,
            body,
          } = proxy.change({
            path,
            status: answered.statusCode ?? 0,
            headers: answered.headers,
            body: Buffer.concat(chunks).toString('latin1'),
          });
          const bytes = Buffer.from(body, 'latin1');
          // A HEAD is answered with a length and nothing else.
          const length = method === 'HEAD' ? own['content-length'] : bytes.length;
          const kept = Object.entries({ ...own, 'content-length': length }).filter(
            ([name, value]) => value !== undefined && name !== 'transfer-encoding',
          );
          outgoing.writeHead(status, Object.fromEntries(kept)).end(bytes);
        });
      },
    );
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const proxy: Proxy = {
    port,
    change: (answer) => answer,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}
