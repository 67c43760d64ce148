import {
  expectStatus,
  Inconclusive,
  text,
  type CheckResponse,
  type CheckRequest,
} from './exchange.ts';
import type { Recorder } from './recording.ts';
import { makeJar } from './set-cookie.ts';

/** Where a canary operates: this deployment, or a test instance of it. */
export interface Place {
  /** `visitor` identifies the canary; `cookie` is the header to send. */
  send(visitor: string, request: CheckRequest, cookie: string | null): Promise<CheckResponse>;
  /** Texts of the mails to this address so far, oldest first. */
  mailTo(address: string): Promise<readonly string[]>;
  /** Only this run can read mail to addresses of this domain. */
  domain: string;
}

/** A visitor with a browser and a mailbox, without any privilege or exemption. */
export interface Canary {
  readonly email: string;
  readonly name: string;
  /** 80 characters: longer than bcrypt takes into account. */
  readonly password: string;
  /** Every response so far, oldest first. */
  readonly answers: readonly CheckResponse[];
  cookies(): ReadonlyMap<string, string>;
  send(request: CheckRequest): Promise<CheckResponse>;
  /** Sends with this cookie instead of the canary’s own, and stores no cookie of the response. */
  sendAs(cookie: string | null, request: CheckRequest): Promise<CheckResponse>;
  /** Waits for the next mail with a code and returns the code. */
  nextCode(): Promise<string>;
  /** Texts of the mails so far, oldest first. */
  mails(): Promise<readonly string[]>;
}

export async function makeCanary(see: Recorder, place: Place, visitor: string): Promise<Canary> {
  const word = () => see('word', visitor, async () => randomWord());
  const [local, name, ...words] = [
    await word(),
    await word(),
    await word(),
    await word(),
    await word(),
    await word(),
  ];
  const email = `${local}@${place.domain}`;
  // Each canary has its own address, and every check has canaries of the same name.
  const someone = crypto.randomUUID();
  const jar = makeJar();
  const answers: CheckResponse[] = [];
  let mailsRead = 0;

  const sendAs = (cookie: string | null, request: CheckRequest) =>
    see('answer', `${visitor} ${request.method} ${request.path}`, () =>
      place.send(someone, request, cookie),
    );

  return {
    email,
    name,
    password: words.join('').padEnd(80, words.join('')).slice(0, 80),
    answers,
    cookies: jar.all,
    sendAs,
    async send(request) {
      const answer = await sendAs(jar.header(), request);
      jar.keep(answer.setCookies);
      answers.push(answer);
      return answer;
    },
    async nextCode() {
      const mails = await see('mail', visitor, () => moreMail(place, email, mailsRead));
      const code = newestCode(mails.slice(mailsRead));
      mailsRead = mails.length;
      if (code === undefined) throw new Inconclusive('The email has no code on a line of its own.');
      return code;
    },
    mails: () => see('mail', visitor, () => place.mailTo(email)),
  };
}

/** Opens a sign-up and returns the ID of its challenge. */
export async function signUp(canary: Canary): Promise<string> {
  const { email, password, name } = canary;
  const answer = expectStatus(
    await canary.send({ method: 'POST', path: '/api/sign-up', json: { email, password, name } }),
    202,
  );
  return text(answer, 'challenge', 'id');
}

/** Tries a code. The check judges the response. */
export function tryCode(canary: Canary, challenge: string, code: string): Promise<CheckResponse> {
  return canary.send({
    method: 'POST',
    path: `/api/challenges/${challenge}/verify`,
    json: { code },
  });
}

export function trySignIn(
  canary: Canary,
  { email, password }: { email: string; password: string },
): Promise<CheckResponse> {
  return canary.send({ method: 'POST', path: '/api/sign-in', json: { email, password } });
}

/** Signs up and verifies the address as a user does. The canary then has an account and is signed in. */
export async function becomeMember(canary: Canary): Promise<Canary> {
  const challenge = await signUp(canary);
  expectStatus(await tryCode(canary, challenge, await canary.nextCode()), 200);
  return canary;
}

/** The canary’s cookies as a header. */
export function cookieHeaderOf(canary: Canary): string {
  return [...canary.cookies()].map(([name, value]) => `${name}=${value}`).join('; ');
}

/** A code that differs from the correct one; `n` chooses which. */
export function wrongCode(right: string, n: number): string {
  return String((Number(right) + n) % 1_000_000).padStart(6, '0');
}

const timeoutMs = 10_000;

/** Mails arrive in any order, and other mails may arrive with them. */
async function moreMail(place: Place, address: string, read: number): Promise<readonly string[]> {
  let mails: readonly string[] = [];
  for (const start = Date.now(); Date.now() - start < timeoutMs; await pause(50)) {
    mails = await place.mailTo(address);
    if (newestCode(mails.slice(read)) !== undefined) return mails;
  }
  if (mails.length > read) return mails;
  throw new Inconclusive('No email arrived within ten seconds.');
}

function newestCode(mails: readonly string[]): string | undefined {
  return mails.map((mail) => /^\d{6}$/m.exec(mail)?.[0]).findLast((code) => code !== undefined);
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Fifteen random letters and digits. */
function randomWord(): string {
  const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';
  return String.fromCharCode(
    ...crypto.getRandomValues(new Uint8Array(15)).map((byte) => alphabet.charCodeAt(byte % 32)),
  );
}
