import type { Edit } from './mutate.ts';

export interface Break {
  what: string;
  edits: readonly Edit[];
  /** What must fail, and nothing besides. */
  claim: string;
}

const signIn = 'accounts/sign-in.js';
const refusal = 'http/problem-response.js';

/** Each is a mistake that somebody could make; the checks must see it from outside. */
export const breaksOfTheCode: readonly Break[] = [
  {
    what: 'sets its session cookie without HttpOnly',
    edits: [{ file: 'http/cookies.js', find: '; HttpOnly; SameSite=Lax', put: '; SameSite=Lax' }],
    claim: 'session-cookies',
  },
  {
    what: 'forgets to end the session at sign-out',
    edits: [{ file: 'sessions/routes.js', find: 'await endSession(services, signed, signed.session.id, client);', put: 'await 0;' }],
    claim: 'session-cookies',
  },
  {
    what: 'signs in people whose address is not proved',
    edits: [
      {
        file: signIn,
        find: 'return refuseUnverified(deps, { signUp, accountId: account?.id ?? null, client });',
        put: `const { codeHash } = await store.findChallenge(signUp.challengeId);
    const made = await store.redeemSignUp({ challengeId: signUp.challengeId, codeHash, accountId: signUp.id, now: clock.now(),
      event: { id: signUp.id, at: clock.now(), action: 'account.created', accountId: signUp.id, actorId: null, target: null, address: '', device: '' } });
    await beginSession(deps, { account: made.account, method: 'password', stay, provenHash: null, client, headers });
    return made.account;`,
      },
    ],
    claim: 'email-verification',
  },
  {
    what: 'lets codes live for a year',
    edits: [{ file: 'challenges/parameters.js', find: 'codeLifetime = 10 * minute', put: 'codeLifetime = 525_600 * minute' }],
    claim: 'code-limits',
  },
  {
    what: 'sends another code as often as asked',
    edits: [{ file: 'challenges/renew-challenge.js', find: 'await takeResend(deps, challenge);', put: 'await 0;' }],
    claim: 'code-limits',
  },
  {
    what: 'looks at the first 72 characters of a password only',
    edits: [{ file: 'accounts/password.js', find: ".update(password, 'utf8')", put: ".update(password.slice(0, 72), 'utf8')" }],
    claim: 'password-hashing',
  },
  {
    what: 'stores passwords as they were typed',
    edits: [
      { file: 'accounts/password.js', find: '`${scheme}${await bcrypt.hash(prepare(password), { cost })}`', put: 'password' },
      { file: 'accounts/password.js', find: 'const right = await bcrypt.verify(prepare(password), stored);', put: 'const right = password === hash;' },
      { file: 'accounts/password.js', find: 'await makeUpFor(costOf(stored), cost);', put: '' },
    ],
    claim: 'password-hashing',
  },
  {
    what: 'answers errors with their stack',
    edits: [{ file: refusal, find: '            reference,\n            ...(details.errors', put: '            reference,\n            stack: thrown.stack,\n            ...(details.errors' }],
    claim: 'error-references',
  },
  {
    what: 'does not log the reference that it answers',
    edits: [{ file: refusal, find: '({ reference, problem: kind,', put: '({ problem: kind,' }],
    claim: 'error-references',
  },
];

/** The same mistake in each adapter. */
export const breaksOfStore: Record<'libSQL' | 'MongoDB', readonly Break[]> = {
  libSQL: [
    {
      what: 'counts no attempts',
      edits: [{ file: 'store/libsql/challenges.js', find: 'SET attempts_left = attempts_left - 1', put: 'SET attempts_left = attempts_left' }],
      claim: 'code-limits',
    },
  ],
  MongoDB: [
    {
      what: 'counts no attempts',
      edits: [{ file: 'store/mongo/challenges.js', find: '$inc: { attemptsLeft: -1 }', put: '$inc: { attemptsLeft: 0 }' }],
      claim: 'code-limits',
    },
  ],
};

/** Only for a new database: what is encrypted already does not open. */
export const plaintextFile: readonly Edit[] = [
  { file: 'store/libsql/open.js', find: "{ timeout: 5000, encryptionCipher: 'aes256cbc', encryptionKey }", put: '{ timeout: 5000 }' },
];

/** It would not see a stack, so it must not say that there is none. */
export const blindCheck: readonly Edit[] = [{ file: 'trust/innards.js', find: 'mark.test(body)', put: 'false' }];
