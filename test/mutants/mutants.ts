import type { ClaimId } from '../../src/trust/claims/claims.ts';
import { type Edit, edit, inAsset, inText, using } from './edit.ts';
import type { Store } from './stores.ts';
import type { Surroundings } from './surroundings.ts';

/** A fault that a developer could introduce; the checks must detect it. */
export interface Mutant {
  /** Completes “a build that …”. */
  what: string;
  edits: readonly Edit[];
  /** The same fault in the MongoDB adapter, if `edits` are in the libSQL adapter. */
  onMongodb?: readonly Edit[];
  /** The reason, if only one store can have the fault. */
  only?: { store: Store; because: string };
  /** Where the mutant is served, if not over plain HTTP with an empty database. */
  on?: Surroundings;
  /** The claim that must fail. */
  claim: ClaimId;
  /** Claims that fail for the same reason. No other claim may fail. */
  also?: readonly ClaimId[];
}

const sqlOnly: Mutant['only'] = {
  store: 'libSQL',
  because:
    'the MongoDB adapter writes no SQL; of its operators “takes operators for passwords” is the mutant',
};
const fileOnly: Mutant['only'] = {
  store: 'libSQL',
  because: 'the claim is about the file of the embedded database',
};
const accountsOnly: Mutant['only'] = {
  store: 'MongoDB',
  because: 'the claim is about the account at the database, and a file has none',
};

const countsNoAttemptsOnMongo: readonly Edit[] = [
  edit('challengesSection', '{ $inc: { attemptsLeft: -1 } }', '{ $inc: { attemptsLeft: 0 } }'),
];

const passwordHashing: Mutant[] = [
  {
    what: 'looks at the first 72 characters of a password only',
    edits: [
      edit('makePasswords', ".update(password, 'utf8')", ".update(password.slice(0, 72), 'utf8')"),
    ],
    claim: 'password-hashing',
  },
  {
    what: 'hashes with cost 4',
    edits: [
      edit(
        'makePasswords',
        'bcrypt.hash(prepare(password), cost)',
        'bcrypt.hash(prepare(password), 4)',
      ),
    ],
    claim: 'password-hashing',
  },
  {
    what: 'gives every password the same salt',
    edits: [
      edit(
        'makePasswords',
        'bcrypt.hash(prepare(password), cost)',
        'bcrypt.hash(prepare(password), cost, Buffer.alloc(16, 7))',
      ),
    ],
    claim: 'password-hashing',
  },
  {
    what: 'hashes the password itself, without the pepper',
    edits: [
      edit(
        'makePasswords',
        "const prepare = (password: string) => createHmac('sha384', pepper).update(password, 'utf8').digest('base64');",
        'const prepare = (password: string) => password; void [createHmac, pepper];',
      ),
    ],
    claim: 'password-hashing',
  },
  {
    what: 'stores passwords as they were typed',
    edits: [
      edit('makePasswords', '`${scheme}${await bcrypt.hash(prepare(password), cost)}`', 'password'),
      edit(
        'makePasswords',
        'const right = await bcrypt.verify(prepare(password), stored);',
        'const right = password === hash;',
      ),
      edit('makePasswords', 'await makeUpFor(costOf(stored), cost);', ''),
    ],
    claim: 'password-hashing',
    also: ['password-secrecy'],
  },
];

const passwordSecrecy: Mutant[] = [
  {
    what: 'logs the text that it cannot parse',
    edits: [
      edit(
        'parseJson',
        "cause: { name: error instanceof Error ? error.name : 'unknown' }",
        'cause: { text: utf8.decode(bytes) }',
      ),
    ],
    claim: 'password-secrecy',
  },
  {
    what: 'logs what people sign in with',
    edits: [
      edit(
        'signIn',
        'const account = await store.findAccountByEmail(email);',
        'const account = await store.findAccountByEmail(email); deps.log.info({ typed: password });',
      ),
    ],
    claim: 'password-secrecy',
  },
  {
    what: 'logs it in base64',
    edits: [
      edit(
        'signIn',
        'const account = await store.findAccountByEmail(email);',
        "const account = await store.findAccountByEmail(email); deps.log.info({ typed: Buffer.from(password).toString('base64') });",
      ),
    ],
    claim: 'password-secrecy',
  },
  {
    what: 'logs URLs with their query',
    edits: [edit('refuse', 'new URL(url).pathname.slice(0, 200)', 'url.slice(0, 200)')],
    claim: 'password-secrecy',
  },
  {
    what: 'keeps a new password in its event',
    edits: [
      edit(
        'changePassword',
        "action: 'password.changed',",
        "action: 'password.changed', target: next,",
      ),
    ],
    claim: 'password-secrecy',
  },
  {
    what: 'answers what was typed',
    edits: [
      edit(
        'validate',
        'message: general ?? issue.message',
        'message: `${general ?? issue.message} ${String(issue.input)}`',
      ),
    ],
    claim: 'password-secrecy',
    also: ['input-validation'],
  },
];

const sessionCookies: Mutant[] = [
  {
    what: 'sets its cookies without HttpOnly',
    edits: [inText('tokenCookie', ' HttpOnly; SameSite=Lax', ' SameSite=Lax')],
    claim: 'session-cookies',
    also: ['social-sign-in'],
  },
  {
    what: 'sets its cookies with SameSite=None',
    edits: [inText('tokenCookie', 'SameSite=Lax', 'SameSite=None')],
    claim: 'session-cookies',
    also: ['social-sign-in'],
  },
  {
    what: 'sets its cookies for a whole domain',
    edits: [inText('tokenCookie', '; Path=/;', '; Domain=localhost; Path=/;')],
    claim: 'session-cookies',
    also: ['social-sign-in'],
  },
  {
    what: 'sets its cookies for the API alone',
    edits: [inText('tokenCookie', '; Path=/;', '; Path=/api;')],
    claim: 'session-cookies',
  },
  {
    what: 'forgets Secure',
    on: 'TLS',
    edits: [inText('tokenCookie', "${secure ? '; Secure' : ''}", '')],
    claim: 'session-cookies',
    also: ['social-sign-in'],
  },
  {
    what: 'leaves out the __Host- prefix',
    on: 'TLS',
    edits: [edit('tokenCookie', 'return secure ? `__Host-${name}` : name;', 'return name;')],
    claim: 'session-cookies',
    also: ['social-sign-in'],
  },
  {
    what: 'sets a copy of the cookie for its scripts',
    edits: [
      edit(
        'headersOf',
        "headers.append('Set-Cookie', tokenCookie(cookie, secure));",
        "{ headers.append('Set-Cookie', tokenCookie(cookie, secure)); if (cookie.name === 'flowcept' && cookie.tokens.length > 0) headers.append('Set-Cookie', `session=${cookie.tokens[0]}; Path=/; SameSite=Lax`); }",
      ),
    ],
    claim: 'session-cookies',
  },
  {
    what: 'keeps the previous cookie when a session continues',
    edits: [
      edit(
        'beginSession',
        'const token = newToken(); const deviceCookie = newToken();',
        'const token = client.sessionToken ?? newToken(); const deviceCookie = newToken();',
      ),
    ],
    claim: 'session-cookies',
  },
  {
    what: 'forgets to end the session at sign-out',
    edits: [
      edit(
        'sessionEndpoints',
        'await endSession(services, principal, principal.session.id, client);',
        'await 0;',
      ),
    ],
    claim: 'session-cookies',
  },
  {
    what: 'trims what surrounds a cookie’s name',
    edits: [edit('tokenCookie', "pair.replace(/^[ \\t]+/, '')", 'pair.trim()')],
    claim: 'session-cookies',
  },
  {
    what: 'authenticates a request before its body is there, and not again',
    edits: [
      edit(
        'serveEndpoint',
        "const bytes = method === 'GET' ? null : await readBody(request, requireWelcome); const principal = await authorize();",
        "const principal = await authorize(); const bytes = method === 'GET' ? null : await readBody(request, requireWelcome);",
      ),
      edit(
        'serveEndpoint',
        'if (principal === null || rights === null) return services;',
        'return services;',
      ),
    ],
    claim: 'session-cookies',
  },
  {
    what: 'answers the session with its token',
    edits: [
      edit(
        'serveEndpoint',
        'JSON.stringify(body)',
        'JSON.stringify({ ...body, cookies: headers.getSetCookie() })',
      ),
    ],
    claim: 'session-cookies',
  },
];

const emailVerification: Mutant[] = [
  {
    what: 'signs in people whose address is not proved',
    edits: [
      edit(
        'signIn',
        'return refuseUnverified(deps, { signUp, accountId: account?.id ?? null, client });',
        `const { codeHash } = await store.findChallenge(signUp.challengeId); const made = await store.redeemSignUp({ challengeId: signUp.challengeId, codeHash, accountId: signUp.id, now: clock.now(), event: { id: signUp.id, at: clock.now(), action: 'account.created', accountId: signUp.id, actorId: null, target: null, address: '', device: '' } }); return { account: made.account, entry: await beginSession(deps, { account: made.account, method: 'password', stay, provenHash: null, factor: 'ask', client }) };`,
      ),
      using('signIn', 'await beginSession(deps, { account, method:'),
    ],
    claim: 'email-verification',
    also: ['password-secrecy'],
  },
  {
    what: 'does not tell that an address is unproved',
    edits: [
      edit(
        'signIn',
        'return refuseUnverified(deps, { signUp, accountId: account?.id ?? null, client });',
        "throw new Problem('wrong-credentials');",
      ),
    ],
    claim: 'email-verification',
  },
];

const codeLimits: Mutant[] = [
  {
    what: 'lets codes live for a year',
    edits: [
      edit('attempts', 'codeLifetime = codeMinutes * minute', 'codeLifetime = 525_600 * minute'),
    ],
    claim: 'code-limits',
  },
  {
    what: 'lets codes live for five minutes',
    edits: [edit('attempts', 'codeLifetime = codeMinutes * minute', 'codeLifetime = 5 * minute')],
    claim: 'code-limits',
  },
  {
    what: 'allows eight attempts',
    edits: [edit('attempts', 'attempts = codeAttempts', 'attempts = 8')],
    claim: 'code-limits',
  },
  {
    what: 'sends another code as often as asked',
    edits: [edit('renewChallenge', 'await takeResend(deps, challenge);', 'await 0;')],
    claim: 'code-limits',
  },
  {
    what: 'keeps a code valid when another one is sent',
    edits: [
      edit(
        'renewChallenge',
        'const { codeHash, message } = writeLetter(pepper, challenge.id, letter);',
        'const { message } = writeLetter(pepper, challenge.id, letter); const { codeHash } = challenge;',
      ),
    ],
    claim: 'code-limits',
  },
  {
    what: 'refuses a password made of the owner’s name before it counts the try',
    edits: [
      edit(
        'startRecovery',
        '(codeHash) => store.redeemRecovery({',
        "async (codeHash, challenge) => (challenge.codeHash === codeHash ? refuseGuessable(password, (await store.findAccount(challenge.subjectId ?? '')) ?? { email: '', name: '' }, 'password') : undefined) ?? store.redeemRecovery({",
      ),
    ],
    claim: 'code-limits',
  },
  {
    what: 'counts no attempts',
    edits: [
      inText(
        'challenges',
        'attempts_left - 1 WHERE id = ? AND purpose = ?',
        'attempts_left WHERE id = ? AND purpose = ?',
      ),
    ],
    onMongodb: countsNoAttemptsOnMongo,
    claim: 'code-limits',
  },
];

const factorSecrets: Mutant[] = [
  {
    what: 'keeps the secret of an app as the name of it',
    edits: [
      edit(
        'beginTotp',
        "name: 'Authenticator app', secret: sealed",
        'name: secret, secret: sealed',
      ),
    ],
    claim: 'factor-secrets',
  },
  {
    what: 'takes a code of an app twice',
    edits: [inText('factorSteps', '(counter < ?1 OR', '(counter <= ?1 OR')],
    onMongodb: [edit('spend', 'lessThan(use.counter)', 'lessThan(use.counter + 1)')],
    claim: 'factor-secrets',
  },
  {
    what: 'takes a code of an app for minutes',
    edits: [edit('totpEnrolment', 'const tolerance = 30;', 'const tolerance = 180;')],
    claim: 'factor-secrets',
  },
  {
    what: 'keeps a recovery code that was used',
    edits: [
      inText(
        'factorSteps',
        'DELETE FROM recovery_codes WHERE account_id = ? AND code_hash = ?',
        'UPDATE recovery_codes SET code_hash = code_hash WHERE account_id = ? AND code_hash = ?',
      ),
    ],
    onMongodb: [
      edit(
        'spend',
        'const { modifiedCount } = await recoveryCodes.updateOne({ _id: accountId, hashes: code }, { $pull: { hashes: code } }, { session });',
        'const { matchedCount: modifiedCount } = await recoveryCodes.updateOne({ _id: accountId, hashes: code }, { $set: { v: documentVersion } }, { session });',
      ),
    ],
    claim: 'factor-secrets',
  },
  {
    what: 'stores recovery codes as they are shown',
    edits: [
      edit(
        'hashRecoveryCode',
        "return hashToken(typed.toUpperCase().replace(/[\\s-]/g, ''));",
        "return typed.toUpperCase().replace(/[\\s-]/g, '');",
      ),
    ],
    claim: 'factor-secrets',
  },
];
const twoFactor: Mutant[] = [
  {
    what: 'enforces the rule on second factors for no account',
    edits: [edit('authenticate', 'if (!whileEnrolling && mustEnrol(holder, now))', 'if (false)')],
    claim: 'two-factor',
  },
];

const accessControl: Mutant[] = [
  {
    what: 'lets every signed-in user run the checks',
    edits: [
      edit('guard', 'if (!principal.account.operator)', 'if (false)'),
      edit('authorityOf', '(!rights.operator || state.account.operator)', 'true'),
    ],
    claim: 'access-control',
    also: ['injection'],
  },
  {
    what: 'ends any user’s session',
    edits: [
      inText(
        'sessions',
        'DELETE FROM sessions WHERE account_id = ? AND id = ?',
        'DELETE FROM sessions WHERE ? IS NOT NULL AND id = ?',
      ),
    ],
    onMongodb: [
      edit(
        'sessionsSection',
        'models.sessions.deleteMany(ended, { session })',
        "models.sessions.deleteMany(typeof ended._id === 'string' ? { _id: ended._id } : ended, { session })",
      ),
    ],
    claim: 'access-control',
    also: ['injection'],
  },
  {
    what: 'lists the sessions of all users',
    edits: [
      inText(
        'sessions',
        'WHERE account_id = ?1 AND expires_at > ?2',
        'WHERE ?1 IS NOT NULL AND expires_at > ?2',
      ),
    ],
    onMongodb: [
      edit(
        'sessionsSection',
        'sessions.find({ accountId, expiresAt: after(now) }',
        'sessions.find({ expiresAt: after(now) }',
      ),
    ],
    claim: 'access-control',
    also: ['injection'],
  },
  {
    what: 'lists the events of all users',
    edits: [inText('eventSteps', 'account_id = ?1 AND at >= ?2', '?1 IS NOT NULL AND at >= ?2')],
    onMongodb: [
      edit(
        'eventsSection',
        'newest(models, { accountId, ...(actions',
        'newest(models, { ...(actions',
      ),
    ],
    claim: 'access-control',
    also: ['injection'],
  },
  {
    what: 'takes any cookie for its first session',
    edits: [
      edit(
        'authenticate',
        'const principal = await store.findSession(hashToken(sessionToken));',
        'const principal = (await store.findSession(hashToken(sessionToken))) ?? seen; seen ??= principal;',
      ),
      edit(
        'authenticate',
        'export async function authenticate(',
        'let seen = null; export async function authenticate(',
      ),
    ],
    claim: 'access-control',
    also: ['session-cookies', 'email-verification', 'injection'],
  },
];

const securityHeaders: Mutant[] = [
  {
    what: 'forgets nosniff',
    edits: [edit('makeSecurityHeaders', "['X-Content-Type-Options', 'nosniff'],", '')],
    claim: 'security-headers',
  },
  {
    what: 'allows inline scripts',
    edits: [
      edit('makeSecurityHeaders', `"script-src 'self'"`, `"script-src 'self' 'unsafe-inline'"`),
    ],
    claim: 'security-headers',
  },
  {
    what: 'lets its pages be framed',
    edits: [edit('makeSecurityHeaders', `"frame-ancestors 'none'",`, '')],
    claim: 'security-headers',
  },
  {
    what: 'lets every site read its answers',
    edits: [
      edit(
        'makeSecurityHeaders',
        'for (const [name, value] of headers)',
        "own.set('Access-Control-Allow-Origin', '*'); for (const [name, value] of headers)",
      ),
    ],
    claim: 'security-headers',
  },
  {
    what: 'says what it runs on',
    edits: [
      edit(
        'makeSecurityHeaders',
        'for (const [name, value] of headers)',
        "own.set('X-Powered-By', 'Flowcept'); for (const [name, value] of headers)",
      ),
    ],
    claim: 'security-headers',
  },
  {
    what: 'lets caches keep answers of the API',
    edits: [
      edit(
        'makeSecurityHeaders',
        "own.set('Cache-Control', 'no-store')",
        "own.set('Cache-Control', 'private')",
      ),
    ],
    claim: 'security-headers',
  },
  {
    what: 'protects only what it does not refuse',
    edits: [
      edit(
        'makeApp',
        'secureHeaders.complete(answer);',
        'if (answer.ok) secureHeaders.complete(answer);',
      ),
    ],
    claim: 'security-headers',
  },
];

const rateLimits: Mutant[] = [
  {
    what: 'allows a thousand wrong passwords',
    edits: [
      edit(
        'failureStreak',
        "about: 'Incorrect passwords', limit: 10,",
        "about: 'Incorrect passwords', limit: 1000,",
      ),
    ],
    claim: 'rate-limits',
  },
  {
    what: 'allows a thousand sign-ups',
    edits: [
      edit('failureStreak', "about: 'Sign-ups', limit: 10,", "about: 'Sign-ups', limit: 1000,"),
    ],
    claim: 'rate-limits',
    // With room for more than ten, `browser-rules` also tries the password rule of sign-up, which browsers compose.
    also: ['input-validation'],
  },
  {
    what: 'knows a device cookie that was replaced',
    edits: [
      edit('classifyDeviceCookies', 'replacedAt === null || receivedAt < replacedAt', 'true'),
    ],
    claim: 'rate-limits',
  },
  {
    what: 'leaves a browser the device cookie that it has',
    edits: [
      edit(
        'beginSession',
        'const deviceCookie = newToken();',
        'const deviceCookie = client.deviceCookies[0] ?? newToken();',
      ),
    ],
    claim: 'rate-limits',
  },
  {
    what: 'believes the address that strangers claim',
    edits: [
      edit(
        'clientAddress',
        "const hops = trusted > 0 && forwardedFor !== null ? forwardedFor.split(',') : [];",
        "const hops = forwardedFor !== null ? forwardedFor.split(',') : [];",
      ),
      edit('clientAddress', 'hops.at(-trusted)', 'hops.at(-1)'),
    ],
    claim: 'rate-limits',
  },
  {
    what: 'does not say how long to wait',
    edits: [edit('refuse', 'if (details.retryAfter !== undefined)', 'if (false)')],
    claim: 'rate-limits',
  },
  {
    what: 'says a wait that is too short',
    edits: [
      edit(
        'makeLimiter',
        'Math.ceil((taken.retryAt.getTime() - clock.now().getTime()) / 1000)',
        '1',
      ),
    ],
    claim: 'rate-limits',
  },
  {
    what: 'forgets its limits by address',
    edits: [edit('serveEndpoint', 'if (limit)', 'if (false)')],
    claim: 'rate-limits',
  },
  {
    what: 'counts all users as one',
    edits: [
      edit(
        'serveEndpoint',
        'services.limiter.consume(limit, { key: client.network })',
        "services.limiter.consume(limit, { key: 'all users' })",
      ),
    ],
    claim: 'rate-limits',
  },
];

const inputValidation: Mutant[] = [
  {
    what: 'takes fields that it does not know',
    edits: [
      edit(
        'signInShape',
        'profileShape = z.strictObject({ name })',
        'profileShape = z.object({ name })',
      ),
    ],
    claim: 'input-validation',
  },
  {
    what: 'takes whatever a body without a shape says',
    edits: [
      edit(
        'serveEndpoint',
        'const nothing = z.strictObject({});',
        'const nothing = z.looseObject({});',
      ),
    ],
    claim: 'input-validation',
  },
  {
    what: 'takes any text for a name',
    edits: [edit('signInShape', "return 'Enter a name.';", 'return null;')],
    claim: 'input-validation',
  },
  {
    what: 'changes a name before it looks at it',
    edits: [
      edit(
        'serveEndpoint',
        'const call = {',
        "if (method === 'PATCH') await services.store.renameAccount({ accountId: principal.account.id, name: `${Date.now()}`, event: { id: `${Math.random()}`, at: new Date(), action: 'account.renamed', accountId: principal.account.id, actorId: null, target: null, address: '', device: '' } }); const call = {",
      ),
    ],
    claim: 'input-validation',
  },
];

const injection: Mutant[] = [
  {
    what: 'writes ids into its SQL',
    edits: [
      edit(
        'sessions',
        'if (end.run(accountId, id) === 0)',
        "if (db.statement(`DELETE FROM sessions WHERE account_id = '${accountId}' AND id = '${id}'`).run() === 0)",
      ),
    ],
    only: sqlOnly,
    claim: 'injection',
  },
  {
    what: 'writes names into its SQL',
    edits: [
      edit(
        'accountChanges',
        'renameAccount: ({ accountId, name, event }) => db.write(() => {',
        "renameAccount: ({ accountId, name, event }) => db.write(() => { db.statement(`SELECT '${name}'`).get();",
      ),
    ],
    only: sqlOnly,
    claim: 'injection',
  },
  {
    what: 'writes challenges into its SQL',
    edits: [
      edit(
        'challenges',
        'const row = find.get(id);',
        "const row = db.statement(`SELECT ${columnsOf('challenges')} FROM challenges WHERE id = '${id}'`).get();",
      ),
      using('challenges', "`SELECT ${columnsOf('challenges')} FROM challenges WHERE id = ?`"),
    ],
    only: sqlOnly,
    claim: 'injection',
  },
  {
    what: 'takes operators for passwords',
    edits: [
      edit(
        'signInShape',
        "presentedPassword = z.string().check(z.maxLength(512, 'The password is too long.'))",
        'presentedPassword = z.any()',
      ),
      edit(
        'signIn',
        'const isTheirs = await passwords.verify(password, account?.passwordHash ?? null)',
        "const isTheirs = typeof password === 'object' ? true : await passwords.verify(password, account?.passwordHash ?? null)",
      ),
      edit(
        'signIn',
        'if (account && isTheirs)',
        "if (typeof password === 'object') return { account: { id: '', email, name: '', operator: false }, due: null }; if (account && isTheirs)",
      ),
    ],
    claim: 'injection',
    also: ['input-validation'],
  },
];

const errorReferences: Mutant[] = [
  {
    what: 'answers errors with their stack',
    edits: [
      edit(
        'refuse',
        'reference, ...(details.errors',
        'reference, stack: thrown.stack, ...(details.errors',
      ),
    ],
    claim: 'error-references',
  },
  {
    what: 'answers the cause of what broke',
    edits: [
      edit(
        'refuse',
        'detail: details.detail ?? title',
        'detail: details.detail ?? details.cause?.message ?? title',
      ),
    ],
    claim: 'error-references',
  },
  {
    what: 'does not log the reference that it answers',
    edits: [edit('refuse', '({ reference, problem: kind,', '({ problem: kind,')],
    claim: 'error-references',
    also: ['password-secrecy'],
  },
  {
    what: 'logs no cause',
    edits: [edit('refuse', 'cause: describe(details.cause) }, title)', '}, title)')],
    claim: 'error-references',
  },
  {
    what: 'gives every answer the same reference',
    edits: [
      edit(
        'refuse',
        'const reference = newId();',
        "const reference = 'AAAAAAAAAAAAAAAAAAAAAA'; void newId;",
      ),
    ],
    claim: 'error-references',
  },
];

const encryptionAtRest: Mutant[] = [
  {
    what: 'keeps a list of addresses beside its database',
    edits: [
      edit(
        'openLibsqlStore',
        'return storeOver(await openConnection(file));',
        "const { appendFileSync } = await import('node:fs'); const store = storeOver(await openConnection(file)); return { ...store, openSignUp: (given) => { appendFileSync(`${file.path}-addresses`, JSON.stringify(given)); return store.openSignUp(given); } };",
      ),
    ],
    only: fileOnly,
    claim: 'encryption-at-rest',
  },
  {
    what: 'keeps its database in a plain file',
    edits: [
      edit(
        'openLibsqlStore',
        "{ timeout: 0, encryptionCipher: 'aes256cbc', encryptionKey }",
        '{ timeout: 0 }',
      ),
    ],
    only: fileOnly,
    claim: 'encryption-at-rest',
  },
];

const socialSignIn: Mutant[] = [
  {
    what: 'knows people at GitHub by their token',
    edits: [edit('makeGithub', 'subject: String(user.id)', 'subject: token')],
    claim: 'social-sign-in',
  },
  {
    what: 'asks for a token instead of a code',
    edits: [edit('codeFlow', "response_type: 'code'", "response_type: 'token'")],
    claim: 'social-sign-in',
  },
  {
    what: 'shows the challenge of PKCE as it is',
    edits: [edit('codeFlow', "code_challenge_method: 'S256'", "code_challenge_method: 'plain'")],
    claim: 'social-sign-in',
  },
  {
    what: 'makes a state of ten letters',
    edits: [
      edit(
        'flowSecrets',
        "state: deriveToken(flowToken, 'state')",
        "state: deriveToken(flowToken, 'state').slice(0, 10)",
      ),
    ],
    claim: 'social-sign-in',
  },
  {
    what: 'sends no nonce',
    edits: [edit('makeGoogle', 'more: { nonce: secrets.nonce }', 'more: {}')],
    claim: 'social-sign-in',
  },
  {
    what: 'sends its secret along',
    edits: [edit('codeFlow', '...more,', "...more, client_secret: 'a secret',")],
    claim: 'social-sign-in',
  },
  {
    what: 'binds nothing to the browser',
    edits: [
      edit(
        'oauthEndpoints',
        'return { location: url.href, cookies: [cookie] };',
        'return { location: url.href, cookies: [] };',
      ),
    ],
    claim: 'social-sign-in',
  },
];

const oauthScopes: Mutant[] = [
  {
    what: 'asks GitHub for the repositories',
    edits: [
      edit('makeGithub', "scope: 'read:user user:email'", "scope: 'read:user user:email repo'"),
    ],
    claim: 'oauth-scopes',
  },
  {
    what: 'asks Google for the calendar',
    edits: [
      edit(
        'makeGoogle',
        "scope: 'openid email profile'",
        "scope: 'openid email profile https://www.googleapis.com/auth/calendar'",
      ),
    ],
    claim: 'oauth-scopes',
  },
  {
    what: 'asks Google for what lasts when the person has gone',
    edits: [
      edit(
        'makeGoogle',
        'more: { nonce: secrets.nonce }',
        "more: { nonce: secrets.nonce, access_type: 'offline' }",
      ),
    ],
    claim: 'oauth-scopes',
  },
];

const ownState = edit(
  'codeFlow',
  'const checked = validated(server, client, answer, state)',
  "const checked = validated(server, client, answer, answer.get('state') ?? oauth.expectNoState)",
);
const oauthState: Mutant[] = [
  {
    what: 'takes the state of any browser',
    edits: [edit('finishFlow', 'sameSecret(flowSecrets(token).state, state)', 'true'), ownState],
    claim: 'oauth-state',
  },
  {
    what: 'takes a state twice',
    edits: [
      inText(
        'flows',
        "DELETE FROM flows WHERE state_hash = ? RETURNING ${columnsOf('flows')}",
        "SELECT ${columnsOf('flows')} FROM flows WHERE state_hash = ?",
      ),
    ],
    onMongodb: [
      edit(
        'flowsSection',
        'flows.findOneAndDelete({ _id: stateHash }, { session })',
        'flows.findOne({ _id: stateHash }, null, { session })',
      ),
    ],
    claim: 'oauth-state',
  },
  {
    what: 'asks the provider without looking for a state',
    edits: [
      edit(
        'finishFlow',
        'const token = tokenOf(deps, { flow, provider, state, client });',
        "const token = client.flowTokens[0] ?? '';",
      ),
      using('finishFlow', 'const own = client.flowTokens.find('),
      ownState,
    ],
    claim: 'oauth-state',
  },
];

const tls: Mutant[] = [
  {
    what: 'still speaks TLS 1.0',
    on: 'TLS',
    edits: [
      edit(
        'readTls',
        "minVersion: 'TLSv1.2' as const, ciphers",
        "minVersion: 'TLSv1' as const, ciphers: 'ALL:@SECLEVEL=0'",
      ),
    ],
    claim: 'tls',
  },
  {
    what: 'still speaks TLS 1.1',
    on: 'TLS',
    edits: [
      edit(
        'readTls',
        "minVersion: 'TLSv1.2' as const, ciphers",
        "minVersion: 'TLSv1.1' as const, ciphers: 'ALL:@SECLEVEL=0'",
      ),
    ],
    claim: 'tls',
  },
  {
    what: 'accepts suites of TLS 1.2 with CBC',
    on: 'TLS',
    edits: [
      edit(
        'readTls',
        "minVersion: 'TLSv1.2' as const, ciphers",
        "minVersion: 'TLSv1.2' as const, ciphers: `${ciphers}:ECDHE-ECDSA-AES128-SHA`",
      ),
    ],
    claim: 'tls',
  },
  {
    what: 'accepts suites of TLS 1.2 with a short authentication tag',
    on: 'TLS',
    edits: [
      edit(
        'readTls',
        "minVersion: 'TLSv1.2' as const, ciphers",
        "minVersion: 'TLSv1.2' as const, ciphers: `${ciphers}:ECDHE-ECDSA-AES128-CCM8:@SECLEVEL=0`",
      ),
    ],
    claim: 'tls',
  },
  {
    what: 'is given a certificate that ends in a week',
    on: 'TLS for a week',
    edits: [],
    claim: 'tls',
  },
];

const httpsRedirect: Mutant[] = [
  {
    what: 'leads calls of its API to HTTPS, too',
    on: 'TLS',
    edits: [
      edit(
        'listen',
        "const isCall = getPath(new Request(`${origin}${path}`)).startsWith('/api');",
        'const isCall = false;',
      ),
    ],
    claim: 'https-redirect',
  },
  {
    what: 'leads every page to the first one',
    on: 'TLS',
    edits: [edit('listen', 'Location: `${origin}${path}`', 'Location: origin')],
    claim: 'https-redirect',
  },
  {
    what: 'serves its pages over plain HTTP, too',
    on: 'TLS',
    edits: [edit('listen', 'body?.status ?? 308', 'body?.status ?? 200')],
    claim: 'https-redirect',
  },
  {
    what: 'sets a cookie over plain HTTP',
    on: 'TLS',
    edits: [
      edit(
        'listen',
        "Connection: 'close' }).end(body &&",
        "Connection: 'close', 'Set-Cookie': 'a=1' }).end(body &&",
      ),
    ],
    claim: 'https-redirect',
  },
];

const databaseAccess: Mutant[] = [
  {
    what: 'is given a database that asks no client for a password',
    on: 'MongoDB without authentication',
    edits: [],
    only: accountsOnly,
    claim: 'database-access',
  },
  {
    what: 'is given the account of the database’s administrator',
    on: 'MongoDB as its administrator',
    edits: [],
    only: accountsOnly,
    claim: 'database-access',
  },
  {
    what: 'is given an account that may use every database',
    on: 'MongoDB with one role too many',
    edits: [],
    only: accountsOnly,
    claim: 'database-access',
  },
];

/** Concatenated, so that this file itself contains nothing that looks like a secret. */
const aKey = `AKIA${'Q'.repeat(16)}`;
const aRing = `k1:${'Q'.repeat(43)}=`;
const secrets: Mutant[] = [
  {
    what: 'has a key of AWS in its code',
    edits: [
      edit(
        'attempts',
        'export const attempts = codeAttempts;',
        `export const attempts = codeAttempts; globalThis.key = '${aKey}';`,
      ),
    ],
    claim: 'secrets',
  },
  {
    what: 'sends its keys to browsers',
    edits: [
      inAsset('public/index.html', '</head>', `<meta name="keys" content="${aRing}"></head>`),
    ],
    claim: 'secrets',
  },
  {
    what: 'serves the settings that lie beside it',
    edits: [
      edit(
        'loadStaticFiles',
        'serve: (path, request) => answer(files.get(path), request)',
        "serve: (path, request) => (path === '/.env' ? new Response('FLOWCEPT_KEYS=') : answer(files.get(path), request))",
      ),
    ],
    claim: 'secrets',
  },
];

export const mutants: readonly Mutant[] = [
  ...passwordHashing,
  ...passwordSecrecy,
  ...sessionCookies,
  ...emailVerification,
  ...codeLimits,
  ...factorSecrets,
  ...twoFactor,
  ...accessControl,
  ...securityHeaders,
  ...rateLimits,
  ...inputValidation,
  ...injection,
  ...errorReferences,
  ...encryptionAtRest,
  ...socialSignIn,
  ...oauthScopes,
  ...oauthState,
  ...tls,
  ...httpsRedirect,
  ...databaseAccess,
  ...secrets,
];

/** It would not see a stack trace, so it must not claim that there is none. */
export const blindCheck: readonly Edit[] = [edit('leakedInternals', 'mark.test(body)', 'false')];
