import type { App } from '../src/app.ts';
import type { Config } from '../src/config.ts';

export interface Answer {
  status: number;
  headers: Headers;
  /** Parsed if it is JSON, otherwise the text. */
  body: Json;
}
// What a test reads of an answer it asserts at once; a wrong guess fails the test.
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = any;

/**
 * A client that behaves like a browser: it keeps cookies, and its requests come from our own pages.
 */
export class Visitor {
  readonly cookies = new Map<string, string>();
  readonly #app: App;
  readonly #config: Config;
  readonly address: string;

  constructor(app: App, config: Config, address: string) {
    this.#app = app;
    this.#config = config;
    this.address = address;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('GET', path, undefined, headers);
  }
  post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('POST', path, body, headers);
  }
  delete(path: string): Promise<Answer> {
    return this.send('DELETE', path);
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await this.open(method, path, body, headers);
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : text,
    };
  }

  /** The same with a streamed answer. */
  async open(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const { origin, publicUrl } = this.#config;
    const request = new Request(`${origin}${path}`, {
      method,
      headers: {
        Host: publicUrl.host,
        'Sec-Fetch-Site': 'same-origin',
        'User-Agent':
          'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(this.cookies.size > 0
          ? { Cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
          : {}),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const response = await this.#app(request, { address: this.address, httpVersion: '1.1' });
    this.#keepCookies(response);
    return response;
  }

  /** The code in the newest email to this address. */
  async codeFor(email: string): Promise<string> {
    const { body } = await this.get(`/sandbox/mailbox?to=${encodeURIComponent(email)}`, {
      Accept: 'application/json',
    });
    const code = body.items
      .map(({ text }: { text: string }) => /^\d{6}$/m.exec(text)?.[0])
      .find(Boolean);
    if (!code) throw new Error(`No code was mailed to ${email}.`);
    return code;
  }

  /** Signs up and verifies the address. */
  async join(email: string, password = goodPassword, name = 'Ada'): Promise<Answer> {
    const { body } = await this.post('/api/sign-up', { email, password, name });
    return this.post(`/api/challenges/${body.challenge.id}/verify`, {
      code: await this.codeFor(email),
    });
  }

  #keepCookies(response: Response): void {
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '' || /Max-Age=0/i.test(cookie)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}

export const goodPassword = 'quiet rivers carry old maps';

export function wrongCode(right: string): string {
  return right === '000000' ? '111111' : '000000';
}
