import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { getRequestListener, RequestError } from '@hono/node-server';
import { getPath } from 'hono/utils/url';
import { StartRefused, type Config } from '../config.ts';
import type { ConnectionInfo } from '../http/client.ts';
import { probes } from '../http/host-check.ts';
import { refuse } from '../http/problem-response.ts';
import { makeSecurityHeaders } from '../http/security-headers.ts';
import type { Log } from '../log.ts';
import { Problem } from '../problems.ts';
import { shareConnections } from './connection-share.ts';
import { faultOf, refuseOtherLoopback, type Address, type PortSetting } from './port-faults.ts';
import { readTls } from './tls-files.ts';
import { makeProblemSender, type ProblemSender } from './unparsed.ts';

/** hardening.md §3: a slow client can hold a socket for seconds, not minutes. ASVS 13.1.2. */
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 5_000,
  maxHeaderSize: 16 * 1024,
  // Node.js would answer without our headers.
  requireHostHeader: false,
};
const maxConnections = 3_000;
/** Connections that one network may hold. Behind our own proxies every connection is of theirs. */
const shareOfNetwork = 1_000;
/**
 * Milliseconds without traffic in either direction until the connection is closed: the client does not read its
 * response. Node.js may wait twice as long.
 */
const quietTime = 20_000;
/** The same for a response that is complete and only has to be read. */
const readingTime = 10_000;
/** Milliseconds for the response to reach a client that is still sending. */
const lastBytes = 500;

export type Handler = (request: Request, connection: ConnectionInfo) => Promise<Response>;

export interface Listening {
  /**
   * Stops accepting connections. Resolves when requests in progress are answered, or aborts them after `timeoutMs`
   * milliseconds.
   */
  close(timeoutMs: number): Promise<void>;
}

/**
 * Serves `handler` over HTTP, or HTTPS if a certificate is set.
 * @throws StartRefused when the port or certificate cannot be used
 */
export async function listen(
  handler: Handler,
  config: Pick<Config, 'host' | 'port' | 'tls' | 'secure' | 'origin' | 'trustProxy'>,
  log: Log,
): Promise<Listening> {
  const { tls, trustProxy } = config;
  const sender = makeProblemSender(config, log);
  const listener = getRequestListener(
    (request, { incoming }) =>
      handler(request, {
        address: incoming.socket.remoteAddress ?? '',
        httpVersion: incoming.httpVersion,
      }),
    {
      // Only probes come without a host.
      hostname: 'localhost',
      errorHandler: (error) => sender.answer(error instanceof RequestError ? 400 : 500, error),
    },
  );
  const guarded: RequestListener = (incoming, outgoing) => {
    if (announcesBody(incoming)) outgoing.once('finish', () => hangUpOnBodies(incoming));
    // A pipelined request finds the time that its predecessor had left for reading.
    outgoing.socket?.setTimeout(quietTime);
    outgoing.once('prefinish', () => outgoing.socket?.setTimeout(readingTime));
    if (namesOneHost(incoming)) return void listener(incoming, outgoing);
    sender.send(outgoing, 400);
  };
  const inOrder = oneAtATime(guarded);
  const server = tls
    ? createTlsServer({ ...limits, ...(await readTls(tls)) }, inOrder)
    : createServer(limits, inOrder);
  refuseUnparsed(server, sender);
  if (trustProxy === 0) shareConnections(server, shareOfNetwork);
  return bind(server, 'PORT', config);
}

/** Answers what Node.js would refuse by itself, without our headers. */
function refuseUnparsed(server: Server, sender: ProblemSender): void {
  server.on('checkExpectation', (_, outgoing: ServerResponse) => sender.send(outgoing, 417));
  server.on('connect', (_, socket: Duplex) => sender.write(socket, 400));
  server.on('clientError', (error: ParserError, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    sender.write(socket, parserStatuses[error.code ?? ''] ?? 400, error.rawPacket);
  });
}

/** Statuses for parser errors other than 400. */
const parserStatuses: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

interface ParserError extends NodeJS.ErrnoException {
  rawPacket?: Buffer;
}

/**
 * Node.js uses the first of two `Host` headers; a proxy in front may have used the other. Probes of HTTP/1.0 have none.
 * RFC 9112 §3.2.
 */
function namesOneHost({ headers, rawHeaders, httpVersion, url = '' }: IncomingMessage): boolean {
  const hosts = rawHeaders.filter(
    (name, at) => at % 2 === 0 && name.toLowerCase() === 'host',
  ).length;
  if (hosts === 1) return headers.host !== '';
  return hosts === 0 && httpVersion === '1.0' && probes.has(url);
}

/**
 * Serves plain HTTP next to HTTPS: redirects pages and rejects API calls, because their secrets have already been sent
 * unencrypted. ASVS 4.1.2.
 */
export function listenForRedirects(
  { origin, host }: Pick<Config, 'origin' | 'host'>,
  port: number,
  log: Log,
): Promise<Listening> {
  const secureHeaders = makeSecurityHeaders({ secure: false });
  const server = createServer(limits, ({ url = '/', method = 'GET' }, outgoing) => {
    const path = url.startsWith('/') && !url.startsWith('//') ? url : '/';
    // As routes see it: decoded, without dot segments.
    const isCall = getPath(new Request(`${origin}${path}`)).startsWith('/api');
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
  refuseUnparsed(server, makeProblemSender({ origin, secure: false }, log));
  return bind(server, 'HTTP_REDIRECT_PORT', { origin, host, port });
}

/** RFC 9112 §6.3: a request without one of these headers has no body. */
function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

/**
 * Handles pipelined requests one at a time: the next begins when the previous response has been sent. Otherwise a
 * client that reads nothing could make a thousand responses pile up in memory. A response gets its socket when it is
 * its turn.
 */
function oneAtATime(listener: RequestListener): RequestListener {
  return (incoming, outgoing) => {
    if (outgoing.socket) listener(incoming, outgoing);
    else outgoing.once('socket', () => listener(incoming, outgoing));
  };
}

/**
 * Closes the connection after a response if the client keeps sending. Otherwise an endless body would hold its socket.
 */
function hangUpOnBodies(incoming: IncomingMessage): void {
  if (!incoming.complete)
    setTimeout(() => incoming.complete || incoming.destroy(), lastBytes).unref();
}

async function bind(server: Server, setting: PortSetting, address: Address): Promise<Listening> {
  await refuseOtherLoopback(setting, address);
  server.maxConnections = maxConnections;
  server.setTimeout(quietTime);
  const { host, port } = address;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new StartRefused([faultOf(error, setting, address)])),
    );
    server.listen(port, host, () => resolve({ close: (timeoutMs) => close(server, timeoutMs) }));
  });
}

function close(server: Server, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), timeoutMs);
    // Connections that were just answered would otherwise stay open.
    const sweep = setInterval(() => server.closeIdleConnections(), 100);
    server.close(() => {
      clearTimeout(cut);
      clearInterval(sweep);
      resolve();
    });
    server.closeIdleConnections();
  });
}
