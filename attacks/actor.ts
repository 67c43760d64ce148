import { request, type IncomingHttpHeaders } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { AttackSucceeded } from './verdict.ts';

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  setCookies: readonly string[];
  text: string;
  /** Parsed if the answer says that it is JSON, otherwise `undefined`. */
  json: unknown;
  milliseconds: number;
}

export interface Sending {
  /** An object is sent as JSON, text and bytes as they are. */
  body?: unknown;
  /** `null` removes a header that is sent by default. */
  headers?: Record<string, string | readonly string[] | null>;
  /** The last byte of the body is sent when this resolves. */
  meanwhile?: () => Promise<unknown>;
  /** The case expects that the server may be overloaded: 503 with `Retry-After`. */
  mayBeBusy?: boolean;
}

/** Milliseconds that any request may take. */
const timeoutMs = 20_000;
/** Milliseconds after which the server has received what was sent of a request. */
const arrival = 200;
const browser =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

/**
 * A client with an address and a cookie jar of its own. Its requests look like those of our own
 * pages.
 */
export class Actor {
  readonly cookies = new Map<string, string>();
  readonly address: string;
  readonly #origin: URL;

  constructor(origin: URL, address: string) {
    this.#origin = origin;
    this.address = address;
  }

  get(path: string, headers: Sending['headers'] = {}): Promise<Reply> {
    return this.send('GET', path, { headers });
  }
  post(path: string, body?: unknown, headers: Sending['headers'] = {}): Promise<Reply> {
    return this.send('POST', path, { body, headers });
  }

  /** The value of this browser’s session cookie. */
  get token(): string | undefined {
    return this.cookies.get('__Host-flowcept') ?? this.cookies.get('flowcept');
  }
  get cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** @throws AttackSucceeded for a 5xx or a timeout, which fail every case */
  async send(method: string, path: string, sending: Sending = {}): Promise<Reply> {
    const reply = await this.#exchange(method, path, sending);
    this.#keepCookies(reply.setCookies);
    const isBusy =
      reply.status === 503 && reply.headers['retry-after'] !== undefined && sending.mayBeBusy;
    if (reply.status >= 500 && !isBusy)
      throw new AttackSucceeded(
        `${method} ${path.slice(0, 120)} was answered ${reply.status}: ${reply.text.slice(0, 200)}`,
      );
    return reply;
  }

  #exchange(
    method: string,
    path: string,
    { body, headers = {}, meanwhile }: Sending,
  ): Promise<Reply> {
    const bytes =
      body === undefined
        ? undefined
        : typeof body === 'string' || Buffer.isBuffer(body)
          ? body
          : JSON.stringify(body);
    const own = {
      Host: this.#origin.host,
      'Sec-Fetch-Site': 'same-origin',
      'User-Agent': browser,
      ...(bytes === undefined
        ? {}
        : {
            'Content-Type': 'application/json',
            'Content-Length': String(Buffer.byteLength(bytes)),
          }),
      ...(this.cookies.size > 0 ? { Cookie: this.cookieHeader } : {}),
    };
    const sent = Object.entries(merge(own, headers));
    const begun = performance.now();
    return new Promise((resolve, reject) => {
      const send = this.#origin.protocol === 'https:' ? tlsRequest : request;
      const out = send({
        host: '127.0.0.1',
        port: this.#origin.port || undefined,
        localAddress: this.address,
        method,
        path,
        agent: false,
        rejectUnauthorized: false,
        setHost: false,
      });
      for (const [name, value] of sent) out.setHeader(name, value);
      out.setTimeout(timeoutMs, () =>
        out.destroy(
          new AttackSucceeded(
            `${method} ${path.slice(0, 120)} was not answered within ${timeoutMs / 1000} s.`,
          ),
        ),
      );
      out.on('error', reject);
      out.on('response', (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('error', reject);
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            setCookies: incoming.headers['set-cookie'] ?? [],
            text,
            json: /json/.test(incoming.headers['content-type'] ?? '') ? parsed(text) : undefined,
            milliseconds: performance.now() - begun,
          });
        });
      });
      if (!meanwhile || bytes === undefined) {
        out.end(bytes);
        return;
      }
      out.write(bytes.slice(0, -1));
      sleep(arrival)
        .then(meanwhile)
        .then(
          () => out.end(bytes.slice(-1)),
          (error: Error) => out.destroy(error),
        );
    });
  }

  #keepCookies(setCookies: readonly string[]): void {
    for (const cookie of setCookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '' || /Max-Age=0/i.test(cookie)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}

/** Header names are compared case-insensitively, as on the wire. */
function merge(
  own: Record<string, string>,
  given: NonNullable<Sending['headers']>,
): Record<string, string | readonly string[]> {
  const replaced = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  const kept = Object.entries(own).filter(([name]) => !replaced.has(name.toLowerCase()));
  const added = Object.entries(given).flatMap(([name, value]) =>
    value === null ? [] : [[name, value] as const],
  );
  return Object.fromEntries([...kept, ...added]);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
