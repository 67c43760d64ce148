import { signUp, tryCode, trySignIn, type Canary } from '../../probe/canary.ts';
import {
  expectStatus,
  member,
  text,
  type CheckResponse,
  type CheckRequest,
} from '../../probe/exchange.ts';

/** Random words, two per password, so that a part of a password is found, too. */
export interface Passwords {
  first: string;
  wrong: string;
  changed: string;
  recovered: string;
}

/** The characters between the words differ in every encoding. */
export async function makePasswords(
  word: () => Promise<string>,
): Promise<{ passwords: Passwords; words: string[] }> {
  const words = [await word(), await word(), await word(), await word()];
  const [first, wrong, changed, recovered] = words.map(
    (one) => `${one.slice(0, 16)} "ü\\/+& ${one.slice(16)}`,
  );
  return {
    passwords: {
      first: first ?? '',
      wrong: wrong ?? '',
      changed: changed ?? '',
      recovered: recovered ?? '',
    },
    words: words.flatMap((one) => [one.slice(0, 16), one.slice(16)]),
  };
}

/**
 * Sends passwords in every way a client can: sign-up, sign-in, re-authentication, change, reset, claim; too short,
 * misspelt, not JSON, in a wrong field or in a URL. Returns the number of ways.
 */
export async function walkWithPasswords(
  canary: Canary,
  { first, wrong, changed, recovered }: Passwords,
): Promise<number> {
  const { email, name } = canary;
  const owner = { ...canary, password: first };
  await mistakes(canary, first);
  const challenge = await signUp(owner);
  await trySignIn(canary, owner);
  expectStatus(await tryCode(canary, challenge, await canary.nextCode()), 200);

  await trySignIn(canary, { email, password: wrong });
  expectStatus(await trySignIn(canary, owner), 200);
  await post(canary, '/api/session/confirm', { password: wrong });
  expectStatus(await post(canary, '/api/session/confirm', { password: first }), 200);
  await post(canary, '/api/account/password', { current: wrong, next: changed });
  await post(canary, '/api/account/password', { current: first, next: email + name });
  expectStatus(await post(canary, '/api/account/password', { current: first, next: changed }), 200);

  const recovery = text(
    expectStatus(await post(canary, '/api/recovery', { email }), 202),
    'challenge',
    'id',
  );
  const code = await canary.nextCode();
  await post(canary, '/api/recovery/complete', {
    challenge: recovery,
    code: code === '000000' ? '111111' : '000000',
    password: recovered,
  });
  expectStatus(
    await post(canary, '/api/recovery/complete', {
      challenge: recovery,
      code,
      password: recovered,
    }),
    200,
  );
  expectStatus(await trySignIn(canary, { email, password: recovered }), 200);
  await post(canary, '/api/operators/claim', { token: name, email, name, password: first });
  return canary.answers.length;
}

async function mistakes(canary: Canary, password: string): Promise<void> {
  const { email, name } = canary;
  const path = '/api/sign-in';
  await canary.send({
    method: 'POST',
    path,
    raw: {
      type: 'application/json',
      text: `{"email":"${email}","password":${JSON.stringify(password)}`,
    },
  });
  await canary.send({
    method: 'POST',
    path,
    raw: {
      type: 'application/x-www-form-urlencoded',
      text: `password=${encodeURIComponent(password)}`,
    },
  });
  await canary.send({
    method: 'POST',
    path: `${path}?password=${encodeURIComponent(password)}`,
    json: { email },
  });
  await post(canary, path, { email: password, password });
  await post(canary, path, { email, password: [password] });
  await post(canary, '/api/sign-up', { email, name, password: password.slice(0, 14) });
}

function post(canary: Canary, path: string, json: CheckRequest['json']): Promise<CheckResponse> {
  return canary.send({ method: 'POST', path, json });
}

/**
 * The forms in which a word may be written down: unchanged (also in JSON and URLs), in hexadecimal, and in base64 at
 * any offset.
 */
export function formsOf(words: readonly string[]): string[] {
  return words.flatMap((word) => [
    word,
    Buffer.from(word).toString('hex'),
    ...[0, 1, 2].flatMap((offset) => inBase64(word, offset)),
  ]);
}

function inBase64(word: string, offset: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(word)]);
  return (['base64', 'base64url'] as const).map((encoding) =>
    bytes
      .toString(encoding)
      .replaceAll('=', '')
      .slice(offset === 0 ? 0 : offset + 1, -2),
  );
}

export function shows(texts: readonly string[], forms: readonly string[]): number {
  return texts.filter((one) => forms.some((form) => one.includes(form))).length;
}

/** All returned content: bodies, headers and cookies. */
export function textsOf(answers: readonly CheckResponse[]): string[] {
  return answers.map(({ body, headers, setCookies }) =>
    [body, ...Object.values(headers), ...setCookies].join('\n'),
  );
}

/** References of the returned problems. The log must contain them, or it is not the log of these requests. */
export function referencesIn(answers: readonly CheckResponse[]): string[] {
  return answers
    .map((answer) => member(answer, 'reference'))
    .filter((reference) => typeof reference === 'string');
}
