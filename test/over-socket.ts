import { once } from 'node:events';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { App } from '../src/app.ts';

const timeoutMs = 20_000;
const bodiless = new Set([204, 304]);

/**
 * The server that listens on this port of this machine, as a function. Each request comes from the
 * address of its client, 127.x.y.z, so that rate limits by address tell visitors apart. `Host` is
 * what the headers say, and over TLS the certificate can be self-signed.
 */
export function overSocket(port: number, { secure = false }: { secure?: boolean } = {}): App {
  const openRequest = secure ? requestHttps : requestHttp;
  return async (request, { address }) => {
    const body = Buffer.from(await request.arrayBuffer());
    const { pathname, search } = new URL(request.url);
    const outgoing = openRequest({
      host: '127.0.0.1',
      port,
      path: `${pathname}${search}`,
      method: request.method,
      headers: {
        ...Object.fromEntries(request.headers),
        ...(body.length > 0 && { 'content-length': body.length }),
      },
      localAddress: address,
      agent: false,
      rejectUnauthorized: false,
      signal: AbortSignal.timeout(timeoutMs),
    });
    outgoing.end(body);
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    return responseOf(incoming);
  };
}

async function responseOf(incoming: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const headers = new Headers();
  const { rawHeaders, statusCode: status = 0 } = incoming;
  for (let at = 0; at < rawHeaders.length; at += 2)
    headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
  return new Response(bodiless.has(status) ? null : Buffer.concat(chunks), { status, headers });
}
