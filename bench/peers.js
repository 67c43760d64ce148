// The compared servers: how each is started, asked for the session, signed up at and signed in to.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ask, cookieOf } from './http.js';

export const password = 'a long enough passphrase for all users';
export const emailOf = (n) => `person-${n}@example.org`;

const here = import.meta.dirname;
const json = (body, headers = {}) => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** Bare Hono: a constant, without sessions. */
export const hono = {
  name: 'bare Hono',
  program: [join(here, 'peers', 'hono.js')],
  variables: () => ({}),
  check: '/',
  isReady: async () => true,
};

const secret = randomBytes(32).toString('hex');

/** Its sign-in accepts addresses that are not verified: there is no step by email. */
export const betterAuth = {
  name: 'Better Auth',
  program: [join(here, 'peers', 'better-auth.js')],
  variables: ({ directory, cost }) => ({
    DATABASE_FILE: join(directory, 'better-auth.db'),
    BCRYPT_COST: `${cost}`,
    SECRET: secret,
  }),
  check: '/api/auth/get-session',
  guarded: '/guarded',
  isReady: async () => true,
  signUp: (origin, n) => [
    `${origin}/api/auth/sign-up/email`,
    json({ email: emailOf(n), password, name: 'Ada' }, { Origin: origin }),
  ],
  signIn: (origin, n) => [
    `${origin}/api/auth/sign-in/email`,
    json({ email: emailOf(n), password }, { Origin: origin }),
  ],
  async join(origin, n) {
    return cookieOf(await ask(...this.signUp(origin, n)));
  },
};

/**
 * Another client address for each request, so that the limits count and write, but never reject.
 */
let clients = 0;
const fromAnywhere = () => {
  clients += 1;
  return {
    'X-Forwarded-For': `10.${(clients >> 16) & 255}.${(clients >> 8) & 255}.${clients & 255}`,
  };
};

/**
 * Flowcept as `npm start` runs it, embedded and encrypted, behind a proxy that tells clients apart.
 */
export const flowcept = {
  name: 'Flowcept',
  program: [join(here, '..', 'bin', 'flowcept.js'), 'serve'],
  variables: ({ directory, port, cost }) => ({
    DATABASE_URL: `file:${join(directory, 'flowcept.db')}`,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    TRUST_PROXY: '1',
    BCRYPT_COST: `${cost}`,
  }),
  check: '/api/session',
  /** Resolves after the first run of its checks, which uses all processor time. */
  isReady: async (origin) =>
    (await ask(`${origin}/api/trust`, { headers: fromAnywhere() })).body.ranAt !== null,
  signUp: (origin, n) => [
    `${origin}/api/sign-up`,
    json({ email: emailOf(n), password, name: 'Ada' }, fromAnywhere()),
  ],
  /** From the device that `cookie` identifies, so that no notice is sent. */
  signIn: (origin, n, cookie = '') => [
    `${origin}/api/sign-in`,
    json(
      { email: emailOf(n), password },
      {
        ...fromAnywhere(),
        Origin: origin,
        Cookie: /flowcept-device=[^;]+/.exec(cookie)?.[0] ?? '',
      },
    ),
  ],
  async join(origin, n) {
    const { body } = await ask(...this.signUp(origin, n));
    const code = await codeFor(origin, emailOf(n));
    return cookieOf(
      await ask(
        `${origin}/api/challenges/${body.challenge.id}/verify`,
        json({ code }, fromAnywhere()),
      ),
    );
  },
};

async function codeFor(origin, email) {
  for (;;) {
    const { body } = await ask(`${origin}/sandbox/mailbox?to=${encodeURIComponent(email)}`, {
      headers: { Accept: 'application/json' },
    });
    const code = /^\d{6}$/m.exec(body.items[0]?.text ?? '')?.[0];
    if (code) return code;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
