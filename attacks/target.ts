import { randomBytes, randomInt } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Actor, type Reply } from './actor.ts';
import { at, listAt, textAt } from './json.ts';
import { must, mustAnswer } from './verdict.ts';

export interface Mail {
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** A user with an account, signed in. */
export interface Member {
  actor: Actor;
  email: string;
  password: string;
  name: string;
  id: string;
}

export interface Route {
  method: string;
  /** With `{name}` for its parameters. */
  path: string;
  takesJson: boolean;
}

export const goodPassword = 'quiet rivers carry old maps';

/**
 * The deployment under attack, and the clients that attack it. Every client has an address of its
 * own, so that they do not share limits.
 */
export class Target {
  readonly origin: URL;
  /** Addresses of earlier runs against this deployment are not reused soon. */
  #address = randomInt(0x01_00_00, 0xfe_00_00);
  readonly #run = randomBytes(4).toString('hex');
  #people = 0;
  #routes: Promise<Route[]> | undefined;

  constructor(origin: URL) {
    this.origin = origin;
  }

  get isSecure(): boolean {
    return this.origin.protocol === 'https:';
  }

  actor(address = this.nextAddress()): Actor {
    return new Actor(this.origin, address);
  }

  /** In 127.0.0.0/8: the attacks come from this machine only. */
  nextAddress(): string {
    do this.#address += 1;
    while ([0, 255].includes(this.#address & 255));
    return `127.${(this.#address >> 16) & 255}.${(this.#address >> 8) & 255}.${this.#address & 255}`;
  }

  /** A new email address. */
  newEmail(role = 'victim'): string {
    return `${role}.${this.#run}.${(this.#people += 1)}@drill.example.org`;
  }

  signUp(
    actor: Actor,
    email: string,
    password = goodPassword,
    name = 'Ada Lovelace',
  ): Promise<Reply> {
    return actor.post('/api/sign-up', { email, password, name });
  }

  /** A challenge of a new sign-up. */
  async openSignUp(
    email = this.newEmail(),
    password = goodPassword,
    actor = this.actor(),
  ): Promise<{ actor: Actor; email: string; challenge: string }> {
    const reply = await this.signUp(actor, email, password);
    mustAnswer(reply, 202, 'A sign-up');
    return { actor, email, challenge: textAt(reply.json, 'challenge', 'id') };
  }

  async member({
    email = this.newEmail(),
    password = goodPassword,
    actor = this.actor(),
  } = {}): Promise<Member> {
    const { challenge } = await this.openSignUp(email, password, actor);
    const reply = await actor.post(`/api/challenges/${challenge}/verify`, {
      code: await this.codeFor(email),
    });
    mustAnswer(reply, 200, 'The right code of a sign-up');
    return { actor, email, password, name: 'Ada Lovelace', id: textAt(reply.json, 'user', 'id') };
  }

  signIn(actor: Actor, email: string, password: string): Promise<Reply> {
    return actor.send('POST', '/api/sign-in', { body: { email, password }, mayBeBusy: true });
  }

  /** Starts a password reset; returns the id of the challenge. */
  async openRecovery(email: string, actor = this.actor()): Promise<string> {
    const reply = await actor.post('/api/recovery', { email });
    mustAnswer(reply, 202, 'A recovery');
    return textAt(reply.json, 'challenge', 'id');
  }

  /** Newest first. */
  async mailTo(email: string): Promise<Mail[]> {
    const { json } = await this.actor().get(`/sandbox/mailbox?to=${encodeURIComponent(email)}`, {
      Accept: 'application/json',
    });
    return listAt(json, 'items').map((item) => ({
      id: textAt(item, 'id'),
      to: textAt(item, 'to'),
      subject: textAt(item, 'subject'),
      text: textAt(item, 'text'),
      html: textAt(item, 'html'),
    }));
  }

  /** The code in the newest email to this address. */
  async codeFor(email: string): Promise<string> {
    const code = (await this.mailTo(email)).map(codeIn).find((found) => found !== null);
    if (!code) throw new Error(`No code was mailed to ${email}.`);
    return code;
  }

  /** The token in the link of the newest notice. */
  async undoTokenFor(email: string): Promise<string> {
    const token = (await this.mailTo(email))
      .map(({ text }) => /\/undo#token=([\w-]+)/.exec(text)?.[1])
      .find(Boolean);
    if (!token) throw new Error(`No notice was mailed to ${email}.`);
    return token;
  }

  /** The device that the server recognises this browser as. */
  async whoIs(actor: Actor): Promise<string | null> {
    const { status, json } = await actor.get('/api/session');
    return status === 200 ? textAt(json, 'user', 'id') : null;
  }

  /** Every endpoint that the deployment describes, and the one form of its pages. */
  routes(): Promise<Route[]> {
    this.#routes ??= this.#describe();
    return this.#routes;
  }

  async #describe(): Promise<Route[]> {
    const { json } = await this.actor().get('/openapi.json');
    const paths = Object.entries(at(json, 'paths') ?? {});
    const described = paths.flatMap(([path, methods]) =>
      Object.entries(methods as object).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        takesJson: at(operation, 'requestBody') !== undefined,
      })),
    );
    return [...described, { method: 'POST', path: '/security/run', takesJson: false }];
  }

  /**
   * Waits like a client that is told to come back, until the deployment is ready.
   * @throws AttackSucceeded if that takes longer than ten seconds
   */
  async recovered(): Promise<void> {
    for (const giveUpAt = performance.now() + 10_000; ; await sleep(200)) {
      const { status } = await this.actor().send('GET', '/readyz', { mayBeBusy: true });
      if (status === 200) return;
      must(performance.now() < giveUpAt, `Ten seconds later it is still not ready: ${status}.`);
    }
  }

  /**
   * Sends raw bytes; resolves with what was received when the server closed, or after `wait`
   * milliseconds.
   */
  raw(
    bytes: string | Buffer,
    { wait = 4_000, address = this.nextAddress() } = {},
  ): Promise<{ text: string; closed: boolean }> {
    return new Promise((resolve, reject) => {
      const socket = connect({
        host: '127.0.0.1',
        port: Number(this.origin.port),
        localAddress: address,
      });
      let text = '';
      const end = (closed: boolean): void => {
        clearTimeout(timer);
        socket.destroy();
        resolve({ text, closed });
      };
      const timer = setTimeout(() => end(false), wait);
      socket.on('data', (chunk) => (text += chunk.toString('latin1')));
      socket.on('close', () => end(true));
      socket.on('error', (error: NodeJS.ErrnoException) =>
        error.code === 'ECONNREFUSED' ? reject(error) : end(true),
      );
      socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    });
  }
}

/** The code that is alone on a line of this email. */
export function codeIn({ text }: Pick<Mail, 'text'>): string | null {
  return /^\d{6}$/m.exec(text)?.[0] ?? null;
}

export function wrongCode(right: string): string {
  return right === '000000' ? '111111' : '000000';
}

/** The addresses of this list, as found in sentences. */
export function linksIn(text: string): string[] {
  return [...text.matchAll(/https?:\/\/[^\s"'<>]+/g)].map(([link]) => link);
}
