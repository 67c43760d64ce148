import { readFile } from 'node:fs/promises';
import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { StartRefused, type Config } from '../config.ts';
import type { ConnectionInfo } from '../http/client.ts';
import { refuse } from '../http/problem-response.ts';
import { makeSecurityHeaders } from '../http/security-headers.ts';
import type { Log } from '../log.ts';
import { Problem } from '../problems.ts';

/** hardening.md §3: a slow client holds a socket for seconds, not minutes. ASVS 13.1.2. */
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 5_000,
  maxHeaderSize: 16 * 1024,
};
const maxConnections = 3_000;
/** Milliseconds without a byte either way: somebody asked, and does not read the answer. Node.js may wait twice as long. */
const quietTime = 20_000;
/** Milliseconds in which the answer reaches whoever is still sending. */
const lastBytes = 500;

export type Handler = (request: Request, peer: ConnectionInfo) => Promise<Response>;

export interface Listening {
  /** Takes no more; resolves when what was begun is answered, or is cut after `timeoutMs` milliseconds. */
  close(timeoutMs: number): Promise<void>;
}

/** Serves `handler` over HTTP, or HTTPS where a certificate is set. @throws StartRefused for a port or certificate that cannot be used */
export async function listen(
  handler: Handler,
  config: Pick<Config, 'host' | 'port' | 'tls' | 'secure' | 'origin'>,
  log: Log,
): Promise<Listening> {
  const { host, port, tls } = config;
  const malformed = answerToMalformed(config, log);
  const listener = getRequestListener((request, { incoming }) =>
    handler(request, {
      address: incoming.socket.remoteAddress ?? '',
      httpVersion: incoming.httpVersion,
    }),
  );
  const guarded: RequestListener = (incoming, outgoing) => {
    // Node takes the first of two `Host` headers; somebody before us may have taken the other. RFC 9112 §3.2.
    const hosts = incoming.rawHeaders.filter(
      (name, at) => at % 2 === 0 && name.toLowerCase() === 'host',
    ).length;
    if (announcesBody(incoming)) outgoing.once('finish', () => hangUpOnBodies(incoming));
    if (hosts === 1) return void listener(incoming, outgoing);
    const { status, headers, body } = malformed(400);
    outgoing.writeHead(status, headers).end(body);
  };
  const inOrder = oneAtATime(guarded);
  const server = tls
    ? createTlsServer({ ...limits, ...(await readTls(tls)) }, inOrder)
    : createServer(limits, inOrder);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const { status, headers, body } = malformed(parserStatuses[error.code ?? ''] ?? 400);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n'));
  });
  return bind(server, host, port);
}

/** What Node's parser gives up over, where it is not plainly malformed. */
const parserStatuses: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** For what was no request that anything behind could look at: the headers and the shape that every refusal has. */
function answerToMalformed({ secure, origin }: Pick<Config, 'secure' | 'origin'>, log: Log) {
  const secureHeaders = makeSecurityHeaders({ secure });
  return (status: number) => {
    const refusal = refuse(new Problem('malformed'), { log, request: { method: '', url: origin } });
    const body = JSON.stringify({ ...refusal.body, status });
    const answer = new Response(null, { headers: refusal.headers });
    secureHeaders.complete(answer);
    const headers: Record<string, string> = {
      ...Object.fromEntries(answer.headers),
      connection: 'close',
      'content-length': String(Buffer.byteLength(body)),
    };
    return { status, headers, body };
  };
}

/** Plain HTTP beside HTTPS: pages go over, API calls are refused, since their secrets have crossed the wire already. ASVS 4.1.2. */
export function listenForRedirects(
  { origin, host }: Pick<Config, 'origin' | 'host'>,
  port: number,
  log: Log,
): Promise<Listening> {
  const secureHeaders = makeSecurityHeaders({ secure: false });
  const server = createServer(limits, ({ url = '/', method = 'GET' }, outgoing) => {
    const path = url.startsWith('/') && !url.startsWith('//') ? url : '/';
    const isCall = path.startsWith('/api');
    const { body, headers } = isCall
      ? refuse(new Problem('https-required'), { log, request: { method, url: `${origin}${path}` } })
      : { body: null, headers: new Headers({ Location: `${origin}${path}` }) };
    const answer = new Response(null, { headers });
    secureHeaders.complete(answer);
    outgoing
      .writeHead(body?.status ?? 308, {
        ...Object.fromEntries(answer.headers),
        Connection: 'close',
      })
      .end(body && JSON.stringify(body));
  });
  return bind(server, host, port);
}

async function readTls({ cert, key }: { cert: string; key: string }) {
  try {
    return { cert: await readFile(cert), key: await readFile(key), minVersion: 'TLSv1.2' as const };
  } catch {
    throw new StartRefused(['TLS_CERT or TLS_KEY cannot be read.']);
  }
}

/** RFC 9112 §6.3: without one of these there is none. */
function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

/**
 * Of requests in one breath the next begins when the answer before it has left: else a thousand answers lie in memory for
 * somebody who reads none. A response has its socket only when its turn has come.
 */
function oneAtATime(listener: RequestListener): RequestListener {
  return (incoming, outgoing) => {
    if (outgoing.socket) listener(incoming, outgoing);
    else outgoing.once('socket', () => listener(incoming, outgoing));
  };
}

/** What is answered already need not send more: a body without end would hold its socket, and be read, for as long. */
function hangUpOnBodies(incoming: IncomingMessage): void {
  if (!incoming.complete)
    setTimeout(() => incoming.complete || incoming.destroy(), lastBytes).unref();
}

function bind(server: Server, host: string, port: number): Promise<Listening> {
  server.maxConnections = maxConnections;
  server.setTimeout(quietTime);
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new StartRefused([faultOf(error, host, port)])),
    );
    server.listen(port, host, () => resolve({ close: (timeoutMs) => close(server, timeoutMs) }));
  });
}

function faultOf({ code }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'EADDRINUSE')
    return `PORT ${port} is taken by another process. Set another one, for example PORT=${port + 1}.`;
  if (code === 'EACCES') return `PORT ${port} may not be opened by this user.`;
  return `HOST ${host} cannot be listened on (${code}).`;
}

function close(server: Server, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), timeoutMs);
    // Those that were just answered would be kept alive for more.
    const sweep = setInterval(() => server.closeIdleConnections(), 100);
    server.close(() => {
      clearTimeout(cut);
      clearInterval(sweep);
      resolve();
    });
    server.closeIdleConnections();
  });
}
