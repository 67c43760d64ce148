import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps, type RequestOptions } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../config.ts';
import { makeAddresses } from './addresses.ts';
import { Inconclusive, type CheckResponse, type CheckRequest } from './exchange.ts';

const timeoutMs = 10_000;
/** Milliseconds within which the server reads the headers that were sent. */
const arrival = 1_000;
const usualBytes = 1_000_000;

export interface HttpClient {
  send(visitor: string, request: CheckRequest, cookie: string | null): Promise<CheckResponse>;
  /** Sends over plain HTTP, where it is served next to HTTPS. @throws Inconclusive if it is not */
  sendPlain(request: CheckRequest): Promise<CheckResponse>;
}

type Site = Pick<Config, 'publicUrl' | 'origin' | 'loopback' | 'host' | 'port'> & {
  tls: { redirectPort: number | null } | null;
};

/**
 * The HTTP client of visitors: over the network, to `PUBLIC_URL`. If that is a loopback address, requests go to this
 * process’s own listener, and each visitor has its own loopback address, so that rate limits by address count each one
 * separately.
 */
export function makeHttpClient(site: Site, signal: AbortSignal, maxBytes = usualBytes): HttpClient {
  const addressOf = makeAddresses();
  return {
    async send(visitor, request, cookie) {
      const { body, headers } = requestOf(request, cookie, site);
      const options: RequestOptions = {
        method: request.method,
        path: request.path,
        headers,
        signal,
        agent: false,
      };
      if (!site.loopback)
        return exchange(
          request,
          { ...options, host: site.publicUrl.hostname, port: site.publicUrl.port || 443 },
          { body, secure: true, maxBytes },
        );
      // The connection stays on this machine, and the certificate may be self-signed.
      const here = {
        ...options,
        host: listenerOf(site.host),
        port: site.port,
        rejectUnauthorized: false,
      };
      const apart = {
        ...here,
        host: here.host === 'localhost' ? '127.0.0.1' : here.host,
        localAddress: addressOf(visitor),
      };
      const secure = site.tls !== null;
      return exchange(request, apart, { body, secure, maxBytes }).catch((error: unknown) => {
        if (isRefusedAddress(error)) return exchange(request, here, { body, secure, maxBytes });
        throw error;
      });
    },
    async sendPlain(request) {
      const { body, headers } = requestOf(request, null, site);
      const port = site.loopback ? site.tls?.redirectPort : 80;
      if (!port) throw new Inconclusive('This deployment has no plain HTTP port.');
      const host = site.loopback ? listenerOf(site.host) : site.publicUrl.hostname;
      return exchange(
        request,
        { method: request.method, path: request.path, headers, signal, agent: false, host, port },
        { body, secure: false, maxBytes },
      );
    },
  };
}

function requestOf(
  { method, json, raw, headers: own }: CheckRequest,
  cookie: string | null,
  { publicUrl, origin }: Site,
) {
  const body = raw?.text ?? (json === undefined ? null : JSON.stringify(json));
  const headers: Record<string, string> = {
    host: publicUrl.host,
    accept: 'application/json',
    // The size limit applies while reading, so the body must not be compressed.
    'accept-encoding': 'identity',
    'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  };
  if (cookie !== null) headers['cookie'] = cookie;
  if (method !== 'GET') Object.assign(headers, { origin, 'sec-fetch-site': 'same-origin' });
  if (body !== null)
    Object.assign(headers, {
      'content-type': raw?.type ?? 'application/json',
      'content-length': String(Buffer.byteLength(body)),
    });
  return { body, headers: { ...headers, ...own } };
}

interface Terms {
  body: string | null;
  secure: boolean;
  maxBytes: number;
}

function exchange(
  asked: CheckRequest,
  options: RequestOptions,
  { body, secure, maxBytes }: Terms,
): Promise<CheckResponse> {
  return new Promise((resolve, reject) => {
    const request = secure ? requestHttps(options) : requestHttp(options);
    const giveUp = (why: string) => {
      reject(new Error(`${asked.method} ${asked.path} ${why}`));
      request.destroy();
    };
    // A socket timeout covers inactivity only. A slow stream of bytes would keep the connection open indefinitely.
    const deadline = setTimeout(() => giveUp('got no response within ten seconds.'), timeoutMs);
    request.on(
      'response',
      (incoming) => void readAnswer(asked, incoming, maxBytes).then(resolve, reject),
    );
    request.on('upgrade', (_, socket) => {
      socket.destroy();
      giveUp('got a response in another protocol.');
    });
    request.on('error', reject);
    request.on('close', () => clearTimeout(deadline));
    const complete = () => request.end(body ?? undefined);
    if (!asked.meanwhile) return void complete();
    request.flushHeaders();
    sleep(arrival)
      .then(asked.meanwhile)
      .then(complete, (error: Error) => request.destroy(error));
  });
}

async function readAnswer(
  { method, path }: CheckRequest,
  incoming: IncomingMessage,
  maxBytes: number,
): Promise<CheckResponse> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > maxBytes)
      throw new Error(`${method} ${path} returned more than ${maxBytes / 1_000_000} MB.`);
    chunks.push(part);
  }
  const { 'set-cookie': setCookies = [], ...rest } = incoming.headers;
  const headers = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [name, String(value)]),
  );
  return {
    to: `${method} ${path}`,
    status: incoming.statusCode ?? 0,
    headers,
    setCookies,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

/** Where this process’s listener is reachable from this machine. */
function listenerOf(host: string): string {
  return ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
}

/** Systems with a single loopback address, and IPv6 listeners, refuse before anything is sent. */
function isRefusedAddress(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return ['EADDRNOTAVAIL', 'EINVAL', 'EAFNOSUPPORT', 'ECONNREFUSED'].includes(String(code));
}
