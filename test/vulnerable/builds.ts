import { type Edit, edit, inText, using } from '../mutants/edit.ts';

/**
 * A vulnerable build: one fault that a developer could introduce, and the attack cases that must
 * succeed because of it.
 */
export interface VulnerableBuild {
  what: string;
  edits: readonly Edit[];
  lets: readonly string[];
}

const build = (what: string, lets: string, ...edits: Edit[]): VulnerableBuild => ({
  what,
  lets: lets.split(' '),
  edits,
});

const counted = ' AND (counter < ?1 OR (counter = 0 AND ?1 = 0))';

/** Every attack case belongs to at least one of them, as `builds.test.ts` asserts. */
export const vulnerableBuilds: readonly VulnerableBuild[] = [
  /* Sign-up and email identity */
  build(
    'answers the password of an open sign-up as a sign-in',
    'A1',
    edit(
      'signIn',
      'return refuseUnverified(deps, { signUp, accountId: account?.id ?? null, client });',
      'return { id: signUp.id, email, name: signUp.name, operator: false };',
    ),
  ),
  build(
    'sends a known address a code',
    'A2',
    edit('verifyEmailLetter', 'return isKnown', 'return false'),
  ),
  build(
    'keeps other sign-ups of a verified address valid',
    'A3',
    edit('accounts', "challenge.endAllOf(account.email, 'verify-email', now);", ''),
  ),
  build(
    'keeps the case of a local part',
    'A4',
    inText('normalEmail', '${local.toLowerCase()}@', '${local}@'),
  ),
  build(
    'takes Cyrillic letters for Latin ones',
    'A5',
    edit(
      'normalEmail',
      'asciiDomain(typed.slice(at + 1));',
      "asciiDomain(typed.slice(at + 1).replaceAll('\\u0430', 'a'));",
    ),
  ),
  build('takes any local part', 'A6', edit('normalEmail', '!localPart.test(local)', 'false')),
  build(
    'takes any character in a name',
    'A7 A203',
    edit(
      'signInShape',
      'if (forbiddenInNames.test(trimmed) || !trimmed.isWellFormed())',
      'if (false)',
    ),
  ),
  build(
    'is busy for a second with a long address',
    'A8 L125',
    edit(
      'normalEmail',
      'if (typed.length > 320) return null;',
      'if (typed.length > 320) { for (const until = Date.now() + 1_200; Date.now() < until;); return null; }',
    ),
  ),
  build(
    'drops fields that it does not know',
    'A9 L116',
    edit(
      'signInShape',
      'return z.strictObject({ email, password: newPassword(rules), name, ...extra });',
      'return z.object({ email, password: newPassword(rules), name, ...extra });',
    ),
  ),
  build(
    'answers a used code like the first time',
    'A201 A202',
    edit(
      'verifyEmail',
      'const { account } = await redeemChallenge(deps,',
      'const { account } = await ((...all) => redeemChallenge(...all).then((one) => (globalThis.made = one)).catch((error) => { if (!globalThis.made) throw error; return globalThis.made; }))(deps,',
    ),
  ),
  build(
    'treats every user as the operator',
    'A204',
    edit('guard', 'if (!principal.account.operator)', 'if (false)'),
    edit('authorityOf', '(!rights.operator || state.account.operator)', 'true'),
  ),
  build(
    'lets one network take all mail with codes',
    'A205 E207',
    edit('failureStreak', 'window: hour, share: 3', 'window: hour, share: 5'),
  ),
  build(
    'keeps two sign-ups of an address',
    'A206',
    edit('signUp', 'const sideBySide = 5;', 'const sideBySide = 2;'),
  ),
  build(
    'lets any user have an address of the checks',
    'A207',
    edit('isReserved', 'return `.${domainOf(email)}`.endsWith(`.${canaryRoot}`);', 'return false;'),
  ),
  /* Codes */
  build(
    'makes codes that count up',
    'B11',
    edit(
      'newToken',
      'randomInt(1_000_000).toString()',
      '(7_000 + (globalThis.nth = (globalThis.nth ?? 0) + 1)).toString()',
    ),
  ),
  build(
    'counts no attempts',
    'B13 B14',
    inText(
      'challenges',
      'attempts_left - 1 WHERE id = ? AND purpose = ?',
      'attempts_left WHERE id = ? AND purpose = ?',
    ),
  ),
  build(
    'sends another code as often as asked',
    'B15',
    edit('renewChallenge', 'await takeResend(deps, challenge);', 'await 0;'),
  ),
  build(
    'does not look at the purpose',
    'B16',
    edit('redeemChallenge', 'if (!purposes.includes(challenge.purpose))', 'if (false)'),
  ),
  build(
    'sends fifty code mails an hour',
    'B17',
    edit(
      'failureStreak',
      "'Code emails, per hour', limit: 5, window: hour, share: 3",
      "'Code emails, per hour', limit: 50, window: hour, share: 50",
    ),
  ),
  build(
    'makes text of whatever is given as a code',
    'B18',
    edit(
      'challenge',
      "z.string().check(z.regex(/^[0-9]{6}$/, 'Enter the six-digit code.'))",
      'z.pipe(z.unknown(), z.transform(String))',
    ),
  ),
  build(
    'forgets wrong codes',
    'B201',
    edit(
      'failureStreak',
      "about: 'Incorrect codes', limit: 10,",
      "about: 'Incorrect codes', limit: 1_000,",
    ),
  ),
  build(
    'numbers its records',
    'B202',
    edit(
      'newToken',
      "return randomBytes(16).toString('base64url');",
      'return String((globalThis.ids = (globalThis.ids ?? 1e9) + 1));',
    ),
  ),
  /* Passwords */
  build(
    'counts UTF-16 units',
    'C19',
    edit('weaknessOf', 'const length = [...password].length;', 'const length = password.length;'),
  ),
  build(
    'refuses spaces around a password',
    'C20',
    edit('weaknessOf', 'if (!password.isWellFormed())', 'if (password !== password.trim())'),
  ),
  build(
    'compares the first 36 units of a password',
    'C21',
    edit('makePasswords', ".update(password, 'utf8')", ".update(password.slice(0, 36), 'utf8')"),
  ),
  build(
    'trims and folds passwords',
    'C22',
    edit(
      'makePasswords',
      ".update(password, 'utf8')",
      ".update(password.trim().toLowerCase(), 'utf8')",
    ),
  ),
  build(
    'takes common passwords',
    'C23',
    edit('refuseGuessable', 'if (isCommon(password))', 'if (false)'),
  ),
  build(
    'changes a password without the current one',
    'C24',
    edit('changePassword', 'await provePassword(deps, account, current);', ''),
  ),
  build(
    'compares a hundred wrong passwords',
    'C25 C201',
    edit(
      'failureStreak',
      "about: 'Incorrect passwords', limit: 10,",
      "about: 'Incorrect passwords', limit: 100,",
    ),
  ),
  build(
    'does not count by address',
    'C26 C27 M135',
    edit('serveEndpoint', 'if (limit)', 'if (false)'),
  ),
  build(
    'believes X-Forwarded-For',
    'C27',
    edit(
      'clientAddress',
      "trusted > 0 && forwardedFor !== null ? forwardedFor.split(',') : [];",
      'forwardedFor !== null ? [forwardedFor] : [];',
    ),
  ),
  build(
    'counts each spelling of a path by itself',
    'C28',
    edit(
      'serveEndpoint',
      'consume(limit, { key: client.network })',
      'consume(limit, { key: client.network + request.url })',
    ),
  ),
  build(
    'makes text of whatever is given as an address',
    'C29',
    edit(
      'signInShape',
      'export const email = z.pipe(z.string(), z.transform((typed: string, context) => { const normal = normalEmail(typed.trim());',
      'export const email = z.pipe(z.unknown(), z.transform((typed: unknown, context) => { const normal = normalEmail(String(typed).trim());',
    ),
  ),
  build(
    'leaves the session from before',
    'C30',
    edit('sessions', 'if (replacing !== null)', 'if (false)'),
  ),
  build(
    'gives back all wrong passwords for one that was none',
    'C202',
    edit(
      'makeLimiter',
      'async refund(name, subject) { for (const key of keysOf(name, subject)) await store.refundLimit(key);',
      'async refund(name, subject) { for (const key of keysOf(name, subject)) await store.resetLimit(key);',
    ),
  ),
  build(
    'counts no wrong confirmations',
    'C203',
    edit(
      'failureStreak',
      "about: 'Incorrect passwords while signed in', limit: 10,",
      "about: 'Incorrect passwords while signed in', limit: 1_000,",
    ),
  ),
  build(
    'changes a password whatever it is by now',
    'C204',
    inText(
      'accountChanges',
      'UPDATE accounts SET password_hash = ? WHERE id = ? AND password_hash = ? RETURNING email',
      'UPDATE accounts SET password_hash = ? WHERE id = ? AND (password_hash = ? OR 1) RETURNING email',
    ),
    edit(
      'sessions',
      'if (provenHash !== null && proven.get(accountId, provenHash) === undefined)',
      'if (false)',
    ),
    edit('requireAuthority', 'if (state === null || !authority.permits(state))', 'if (false)'),
    edit(
      'accountChanges',
      'if (continued !== null && !sessionSteps.isThere(continued)) return false;',
      '',
    ),
  ),
  /* Enumeration */
  build(
    'says that an address has no account',
    'D31',
    edit(
      'signIn',
      "throw new Problem('wrong-credentials')",
      "throw new Problem(account ? 'wrong-credentials' : 'not-found')",
    ),
  ),
  build(
    'answers a recovery for an unknown address differently',
    'D32',
    edit(
      'startRecovery',
      'return challenge;',
      'return account ? challenge : { ...challenge, attemptsLeft: 0 };',
    ),
  ),
  build(
    'finds another user’s event',
    'D33',
    inText('eventSteps', 'WHERE ${condition} AND id = ?${own + 2})', 'WHERE id = ?${own + 2})'),
  ),
  build(
    'limits guesses at known addresses only',
    'D35',
    edit(
      'signIn',
      "await limiter.consume('wrong-password', subject).catch(",
      "await (account ? limiter.consume('wrong-password', subject) : Promise.resolve()).catch(",
    ),
  ),
  build(
    'ends a challenge for show at the first guess',
    'D201',
    edit(
      'redeemChallenge',
      'if (isOver(challenge, clock.now()))',
      "if (isOver(challenge, clock.now()) || (challenge.purpose === 'verify-email' && (await store.findAccountByEmail(challenge.email))))",
    ),
  ),
  build(
    'looks at an open sign-up only where there is no account',
    'D202',
    edit(
      'signIn',
      'const signUp = await store.newestSignUp(email, clock.now());',
      'const signUp = account ? null : await store.newestSignUp(email, clock.now());',
    ),
  ),
  build(
    'hashes nothing for an unknown address',
    'D203',
    edit(
      'signIn',
      'await passwords.verify(password, account?.passwordHash ?? null)',
      'account !== null && await passwords.verify(password, account.passwordHash)',
    ),
  ),
  /* Recovery */
  build(
    'does not use up an undo, nor any other link',
    'E36 E210 E212',
    edit('undos', 'voidAll(accountId);', ''),
  ),
  build(
    'undoes no factor',
    'E211',
    edit(
      'undos',
      'factors: ({ accountId, since }) => removeSince(accountId, since),',
      'factors: () => {},',
    ),
  ),
  build(
    'undoes nothing while another account has the address to restore',
    'E216 E217',
    edit(
      'undos',
      'for (const effect of undoEffects)',
      'if (isTaken) return null; for (const effect of undoEffects)',
    ),
  ),
  build(
    'leaves the intruder’s address while another account has the owner’s',
    'E216',
    edit('undos', 'if (isTaken) contest(accountId, restored);', 'if (isTaken) { /* nothing */ }'),
  ),
  build(
    'uses up a link that could not restore the address',
    'E216 E217',
    edit(
      'undos',
      'if (isTaken) return keepAlone({ accountId, email: restored, until: keptUntil, now });',
      '',
    ),
  ),
  build(
    'restores the address of the newest link',
    'E213',
    inText('undoSteps', 'ORDER BY seq', 'ORDER BY seq DESC'),
  ),
  build(
    'leaves links of an address that was left again',
    'E214',
    edit('accountChanges', 'returnTo(account, now);', ''),
  ),
  build(
    'sends a notice of every change',
    'E218',
    edit('eventSteps', 'if (before >= limit.most) return;', ''),
  ),
  build(
    'serves under any name',
    'E37',
    edit('checkHost', 'if (named === publicUrl.host)', 'if (true)'),
  ),
  build(
    'keeps sessions valid at a recovery',
    'E38',
    edit(
      'accountChanges',
      'endSessions.run(accountId); forgetDevices.run(accountId);',
      'forgetDevices.run(accountId);',
    ),
  ),
  build(
    'tells other sites where one comes from',
    'E40 N137',
    edit(
      'makeSecurityHeaders',
      "['Referrer-Policy', 'no-referrer']",
      "['Referrer-Policy', 'origin']",
    ),
  ),
  build(
    'begins a session whatever became of the password',
    'E201 E202 E203',
    edit(
      'signIn',
      "method: 'password', stay, provenHash, provenIssuer",
      "method: 'password', stay, provenHash: null, provenIssuer",
    ),
  ),
  build(
    'gives a code four attempts',
    'E204',
    edit('attempts', 'attempts = codeAttempts', 'attempts = 4'),
  ),
  build(
    'refuses the owner’s name before it counts the guess',
    'E209',
    edit(
      'startRecovery',
      '(codeHash) => store.redeemRecovery({',
      "async (codeHash, challenge) => (challenge.codeHash === codeHash ? refuseGuessable(password, (await store.findAccount(challenge.subjectId ?? '')) ?? { email: '', name: '' }, 'password') : undefined) ?? store.redeemRecovery({",
    ),
  ),
  build(
    'leaves a redeemed challenge open',
    'E205',
    edit('challenges', 'if (use.run(now.getTime(), id, codeHash) === 0) return false;', ''),
    edit('accountChanges', "challenge.endAllOf(account.email, 'recover', now);", ''),
  ),
  build(
    'sends a recovery code to an address without an account',
    'E206',
    edit('startRecovery', 'return isKnown ? {', 'return true ? {'),
  ),
  build(
    'lets lost factors go at once',
    'E208',
    edit(
      'startFactorRecovery',
      'const opensAfter = factorRecoveryHours * hour;',
      'const opensAfter = 0;',
    ),
  ),
  build(
    'stops the recovery of lost factors without a word',
    'E215',
    edit('factorRecoverySteps', 'record(stopping.event); notify(stopping);', ''),
  ),
  /* The user’s own account */
  build(
    'lets anybody type the code of a new address',
    'A10',
    edit('startEmailChange', 'if (subjectId !== principal.account.id)', 'if (false)'),
  ),
  build(
    'binds a decoy challenge to no account',
    'D204',
    edit(
      'startEmailChange',
      'subjectId: principal.account.id,',
      'subjectId: taken ? null : principal.account.id,',
    ),
    edit(
      'startEmailChange',
      'if (subjectId !== principal.account.id)',
      'if (subjectId !== null && subjectId !== principal.account.id)',
    ),
  ),
  build(
    'forgets the codes of an address that was left',
    'E41',
    edit('accountChanges', 'challenge.endAllOf(before, purpose, now);', ';'),
    inText(
      'accountChanges',
      'WHERE id = ? AND email = ? RETURNING',
      'WHERE id = ? AND (email = ? OR 1) RETURNING',
    ),
  ),
  build(
    'keeps sessions valid when an account is closed',
    'F50',
    edit('closing', 'endSessions.run(accountId);', ''),
  ),
  build(
    'exports an account as it is stored',
    'L123',
    edit('accountExport', '{ ...userView(account),', '{ ...account,'),
  ),
  /* Sign-in providers */
  build(
    'asks Google for the calendar, too',
    'H64',
    edit(
      'makeGoogle',
      "scope: 'openid email profile'",
      "scope: 'openid email profile https://www.googleapis.com/auth/calendar'",
    ),
  ),
  build(
    'leaves a way to a provider open after it was gone',
    'H65 H67',
    inText(
      'flows',
      "DELETE FROM flows WHERE state_hash = ? RETURNING ${columnsOf('flows')}",
      "SELECT ${columnsOf('flows')} FROM flows WHERE state_hash = ?",
    ),
  ),
  build(
    'keeps the secrets of a way to a provider by its state',
    'H65 H66',
    edit(
      'startFlow',
      'const secrets = flowSecrets(token);',
      'const secrets = flowSecrets(token); (globalThis.ways ??= new Map()).set(secrets.state, token);',
    ),
    edit(
      'finishFlow',
      'const own = client.flowTokens.find((token) => sameSecret(flowSecrets(token).state, state));',
      'const own = globalThis.ways.get(state);',
    ),
  ),
  build(
    'takes any address that Google names',
    'H69',
    edit('makeGoogle', 'email: verified === true ? (email ?? null) : null', 'email: email ?? null'),
  ),
  build(
    'knows people at a provider by their address',
    'H70 H71',
    edit(
      'signInBy',
      'const known = await store.findAccountByIdentity(identity);',
      'const known = await store.findAccountByEmail(provedEmail(arrival.person));',
    ),
    using('signInBy', 'const email = provedEmail(person)'),
    edit(
      'beginSession',
      'provenIdentity: identityOf({ method, provenIssuer, provenSubject, factor })',
      'provenIdentity: null',
    ),
  ),
  build(
    'disconnects the last way in',
    'H72',
    edit('identities', 'if (!hasOtherWay(accountId, others))', 'if (false)'),
  ),
  build(
    'returns to any path of its own site',
    'H73',
    edit('safePath', 'known.some((form) => form.test(path))', 'true'),
  ),
  build(
    'sends on what a callback says',
    'H74',
    edit(
      'finishFlow',
      'to: wayBack(error.kind, provider, flow)',
      "to: wayBack(answer.get('error') ?? error.kind, provider, flow)",
    ),
  ),
  build(
    'takes callbacks by a form',
    'H77',
    edit(
      'makeApp',
      'app.on(endpoint.method, endpoint.path,',
      "app.on(endpoint.path.endsWith('/callback') ? ['GET', 'POST'] : [endpoint.method], endpoint.path,",
    ),
    edit('makeApp', 'new Hono<Env>({ router: new RegExpRouter() })', 'new Hono<Env>()'),
  ),
  build(
    'connects a provider to any caller who returns',
    'H201',
    edit('connectBy', 'if (!principal || principal.account.id !== accountId)', 'if (!principal)'),
  ),
  build(
    'skips the second factor after a sign-in through a provider',
    'H202',
    edit(
      'signInBy',
      "const factor = opened === null ? 'ask' : 'settled';",
      "const factor = 'settled';",
    ),
  ),
  build(
    'asks whether anybody at the provider is connected',
    'H203',
    edit(
      'sessions',
      'connected.get(accountId, provenIdentity.provider, provenIdentity.issuer, provenIdentity.subject) === undefined',
      "db.statement('SELECT 1 FROM identities WHERE account_id = ? AND provider = ?').get(accountId, provenIdentity.provider) === undefined",
    ),
  ),
  /* Second factors */
  build(
    'takes the second factors away at a recovery',
    'E39',
    edit(
      'accountChanges',
      "challenge.endAllOf(account.email, 'second-factor', now);",
      "db.statement('DELETE FROM factors WHERE account_id = ?').run(accountId);",
    ),
  ),
  build(
    'begins a session before it asks for a factor',
    'F52',
    edit(
      'beginSession',
      "if (due !== null && due !== 'lost') return { kind: 'factor-due', due };",
      "if (due !== null && due !== 'lost') return { ...(await open(deps, { ...beginning, factor: 'settled' }, { recovers: false })), kind: 'factor-due', due };",
    ),
    using('beginSession', 'const entered = await open(deps, beginning, { recovers:'),
    edit(
      'accountEndpoints',
      '? { challenge: challengeView(entry.due.challenge), methods: entry.due.methods }',
      "? Object.assign(cameIn(account, { kind: 'begun', cookies: entry.cookies }), { body: { challenge: challengeView(entry.due.challenge), methods: entry.due.methods } })",
    ),
  ),
  build(
    'asks for an app that was never tried',
    'I78',
    inText(
      'factors',
      'account_id = ? AND confirmed_at IS NOT NULL ORDER BY',
      'account_id = ? ORDER BY',
    ),
  ),
  build('takes a code of an app as often as it comes', 'I79', inText('factorSteps', counted, '')),
  build(
    'takes codes of two minutes',
    'I80',
    edit('totpEnrolment', 'const tolerance = 30;', 'const tolerance = 60;'),
  ),
  build(
    'counts no wrong factors',
    'I81',
    edit(
      'failureStreak',
      "about: 'Incorrect second factors', limit: 10,",
      "about: 'Incorrect second factors', limit: 1_000,",
    ),
  ),
  build(
    'does not look whether a challenge was met',
    'I82',
    edit(
      'sessions',
      'if (challengeId !== null && !challenge.isAlive(challengeId, createdAt))',
      'if (false)',
    ),
    edit('redeemChallenge', 'if (isOver(challenge, clock.now()))', 'if (false)'),
    inText(
      'challenges',
      'WHERE id = ? AND ${openAt} RETURNING attempts_left',
      'WHERE id = ? RETURNING attempts_left',
    ),
  ),
  build(
    'keeps a recovery code that was used',
    'I83',
    inText(
      'factorSteps',
      'DELETE FROM recovery_codes WHERE account_id = ? AND code_hash = ?',
      'UPDATE recovery_codes SET code_hash = code_hash WHERE account_id = ? AND code_hash = ?',
    ),
  ),
  build(
    'counts proof from before there was a factor',
    'I84',
    edit('isConfirmed', 'const isByFactor = factorSince === null ||', 'const isByFactor = true ||'),
  ),
  build(
    'takes a recovery code of anybody',
    'I89',
    inText(
      'factorSteps',
      'DELETE FROM recovery_codes WHERE account_id = ? AND code_hash = ?',
      'DELETE FROM recovery_codes WHERE (account_id = ? OR 1) AND code_hash = ?',
    ),
  ),
  build(
    'lets a password confirm where there is a factor by now',
    'I204',
    edit('sessions', "if (factor.hasFactor(accountId)) return 'factor-due';", ''),
  ),
  build(
    'confirms a session by a change of its password',
    'I205',
    edit(
      'newSessionToken',
      'lastUsedAt: clock.now() }',
      'lastUsedAt: clock.now(), confirmedAt: clock.now() }',
    ),
  ),
  build(
    'changes a password without the second factor',
    'I205 I84',
    edit('ownAccountEndpoints', "needs: 'confirmedIfFactor'", "needs: 'signedIn'"),
  ),
  build(
    'keeps other sessions valid at the first factor',
    'I206',
    edit('factors', 'else endOthers.run(accountId, id);', ''),
  ),
  build(
    'offers to open a closing account again before it looks at the factor',
    'I203',
    edit(
      'sessions',
      'if (provenHash !== null && proven.get(accountId, provenHash) === undefined)',
      "if (isClosing.get(accountId) !== undefined) return 'account-closing'; if (provenHash !== null && proven.get(accountId, provenHash) === undefined)",
    ),
  ),
  build(
    'skips the second factor for a persistent sign-in',
    'I201',
    edit(
      'signIn',
      "provenSubject: null, factor: 'ask'",
      "provenSubject: null, factor: stay ? 'settled' : 'ask'",
    ),
  ),
  /* Passkeys */
  build(
    'does not look for whom a ceremony was begun',
    'I85 I86',
    edit('verifyAssertion', 'taken.subjectId === subjectId', 'true'),
  ),
  build(
    'leaves a ceremony open',
    'I86',
    inText(
      'factors',
      'DELETE FROM ceremonies WHERE challenge_hash = ? AND purpose = ? AND expires_at > ? RETURNING subject_id',
      'SELECT subject_id FROM ceremonies WHERE challenge_hash = ? AND purpose = ? AND expires_at > ?',
    ),
  ),
  build(
    'takes passkeys of any origin',
    'I85 I87',
    edit(
      'verifyAssertion',
      'expectedOrigin: config.origin',
      'expectedOrigin: [config.origin, `${config.origin}.evil.test`]',
    ),
  ),
  build(
    'does not look whose passkey it says it is',
    'I87',
    edit(
      'verifyAssertion',
      "if (claimed !== null && claimed !== Buffer.from(factor.accountId).toString('base64url'))",
      'if (false)',
    ),
  ),
  build(
    'signs in by a passkey that did not ask who holds it',
    'I87',
    edit('signInWithPasskey', 'if (!userVerified)', 'if (false)'),
  ),
  build(
    'signs in by a passkey that verifies its user for the first time',
    'I202',
    edit('signInWithPasskey', 'if (!factor.uvInitialized)', 'if (false)'),
  ),
  build(
    'takes any user verification for one that was vouched for',
    'I202',
    edit('proveFactor', "userVerified && firstProof === 'password'", 'userVerified'),
  ),
  build(
    'takes anybody’s passkey at a challenge',
    'I87',
    edit('proveFactor', 'if (verified.factor.accountId !== accountId)', 'if (false)'),
    inText('factorSteps', 'WHERE id = ?3 AND account_id = ?4 AND', 'WHERE id = ?3 AND ?4 = ?4 AND'),
  ),
  build(
    'does not look at what a passkey counted',
    'I88',
    inText('factorSteps', counted, ''),
    edit('verifyAssertion', 'if (factor.counter > 0 && counter <= factor.counter)', 'if (false)'),
  ),
  build(
    'does not expect an odd passkey',
    'I90',
    edit(
      'verifyAssertion',
      'await verifyRegistrationResponse({ response: { ...withDefaults(response), response: { clientDataJSON, attestationObject } }, ...expected(deps, challenge), requireUserVerification: false }).catch(() => null)',
      'await verifyRegistrationResponse({ response: { ...withDefaults(response), response: { clientDataJSON, attestationObject } }, ...expected(deps, challenge), requireUserVerification: false })',
    ),
    edit('verifyAssertion', '} catch { return false; }', '} catch (error) { throw error; }'),
  ),
  /* Sessions */
  build(
    'lets scripts read the session cookie',
    'F43',
    inText('tokenCookie', ' HttpOnly; SameSite=Lax', ' SameSite=Lax'),
  ),
  build(
    'makes tokens that begin alike',
    'F44',
    edit(
      'newToken',
      "return randomBytes(32).toString('base64url');",
      "return Buffer.concat([Buffer.alloc(16), randomBytes(16)]).toString('base64url');",
    ),
  ),
  build(
    'keeps the value that a browser brings',
    'F45',
    edit(
      'beginSession',
      'const token = newToken(); const deviceCookie = newToken();',
      'const token = client.sessionToken ?? newToken(); const deviceCookie = newToken();',
    ),
  ),
  build(
    'only clears the cookie at sign-out',
    'F46',
    edit(
      'sessionEndpoints',
      'await endSession(services, principal, principal.session.id, client);',
      'await 0;',
    ),
  ),
  build(
    'remembers sessions that it has seen',
    'F48 F201 F202',
    edit(
      'authenticate',
      'const principal = await store.findSession(hashToken(sessionToken));',
      'const principal = (globalThis.cache ??= new Map()).get(sessionToken) ?? (await store.findSession(hashToken(sessionToken))); globalThis.cache.set(sessionToken, principal);',
    ),
  ),
  build(
    'ends anybody’s session',
    'F49',
    inText(
      'sessions',
      'DELETE FROM sessions WHERE account_id = ? AND id = ?',
      'DELETE FROM sessions WHERE (account_id = ? OR 1) AND id = ?',
    ),
  ),
  build(
    'takes the first of two cookies',
    'F51',
    edit('tokenCookie', 'found !== value) return null;', 'found !== value) break;'),
  ),
  build(
    'trims what surrounds a cookie’s name',
    'F204',
    edit('tokenCookie', "pair.replace(/^[ \\t]+/, '')", 'pair.trim()'),
  ),
  build(
    'leaves a browser its device cookie',
    'F205',
    edit(
      'beginSession',
      'const deviceCookie = newToken();',
      'const deviceCookie = client.deviceCookies[0] ?? newToken();',
    ),
  ),
  build(
    'knows a device cookie that was replaced',
    'F205',
    edit('classifyDeviceCookies', 'replacedAt === null || receivedAt < replacedAt', 'true'),
  ),
  build(
    'keeps a session’s value when it is confirmed',
    'F53',
    edit('newSessionToken', 'to: hashToken(token),', 'to: session.tokenHash,'),
    edit(
      'newSessionToken',
      "cookie: { name: 'flowcept', tokens: [token], maxAge }",
      "cookie: { name: 'flowcept-flow-00000000', tokens: [token], maxAge }",
    ),
  ),
  build(
    'lets answers be kept',
    'F54',
    edit(
      'makeSecurityHeaders',
      "own.set('Cache-Control', 'no-store')",
      "own.set('Cache-Control', 'private, max-age=60')",
    ),
  ),
  build(
    'keeps two hundred sessions',
    'F55',
    edit('maxSessions', 'maxSessions = 20', 'maxSessions = 200'),
  ),
  build(
    'looks who calls before a body has come, and not again',
    'F206',
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
  ),
  build(
    'takes any text for the length of a page',
    'F203',
    edit('listQuery', '/^[1-9]\\d{0,3}$/', '/.*/'),
  ),
  /* Cross-site */
  build(
    'refuses only what calls itself cross-site',
    'G56',
    edit('checkOrigin', "site === 'same-origin'", "site !== 'cross-site'"),
  ),
  build(
    'takes JSON of any content type',
    'G57',
    edit('parseJson', "if (!/^application\\/json\\s*(;|$)/i.test(type ?? ''))", 'if (false)'),
  ),
  build(
    'signs out by a GET',
    'G58 G59 G62 F46',
    edit(
      'makeApp',
      'app.on(endpoint.method, endpoint.path,',
      "app.on(endpoint.path === '/api/sign-out' ? ['GET', 'POST'] : [endpoint.method], endpoint.path,",
    ),
  ),
  build(
    'lets every origin read',
    'G60',
    edit(
      'makeSecurityHeaders',
      "['X-Frame-Options', 'DENY'],",
      "['X-Frame-Options', 'DENY'], ['Access-Control-Allow-Origin', '*'],",
    ),
  ),
  build(
    'lets itself be framed',
    'G61',
    edit(
      'makeSecurityHeaders',
      "['X-Frame-Options', 'DENY'],",
      "['X-Frame-Options', 'SAMEORIGIN'],",
    ),
  ),
  build(
    'looks at the origin only where there is a cookie',
    'G201',
    edit('checkOrigin', 'if (!ours)', "if (!ours && headers.has('cookie'))"),
  ),
  /* Parsing */
  build(
    'writes an id into its SQL',
    'L112',
    edit(
      'challenges',
      'const row = find.get(id);',
      "const row = db.statement(`SELECT ${columnsOf('challenges')} FROM challenges WHERE id = '${id}'`).get();",
    ),
    using('challenges', "`SELECT ${columnsOf('challenges')} FROM challenges WHERE id = ?`"),
  ),
  build(
    'escapes no markup',
    'L114',
    edit(
      'page',
      '`<!doctype html>${markup}`',
      "`<!doctype html>${markup.replaceAll('&lt;', '<').replaceAll('&gt;', '>')}`",
    ),
  ),
  build(
    'puts a page together by replacing text',
    'L115',
    edit('page', '`<!doctype html>${markup}`', "'<!doctype html>MARKUP'.replace('MARKUP', markup)"),
  ),
  build(
    'does not expect what is not JSON',
    'L117',
    edit(
      'parseJson',
      "throw new Problem('malformed', { detail: 'The request body is not valid JSON.'",
      "throw error ?? new Problem('malformed', { detail: 'The request body is not valid JSON.'",
    ),
  ),
  build(
    'reads a body from the address, too',
    'L118',
    edit(
      'serveEndpoint',
      "const sent = parseJson(bytes, request.headers.get('content-type'));",
      "const sent = { ...Object.fromEntries(wanted ? new URL(request.url).searchParams : []), ...parseJson(bytes, request.headers.get('content-type')) };",
    ),
  ),
  build(
    'serves every file of the build',
    'L119',
    edit('loadStaticFiles', "extname(name) in types && extname(name) !== '.html'", 'true'),
  ),
  build(
    'does not look for a proxy before its sandbox pages',
    'L120 N201',
    edit(
      'clientOf',
      'names.find((name) => forwardingHeaders.some((form) => form.test(name)))',
      'undefined',
    ),
  ),
  build(
    'parses requests leniently',
    'L121',
    edit(
      'listen',
      ': createServer(limits, inOrder);',
      ': createServer({ ...limits, insecureHTTPParser: true }, inOrder);',
    ),
  ),
  build(
    'remembers the last path in a cookie',
    'L122',
    edit(
      'makeApp',
      'secureHeaders.complete(answer);',
      "secureHeaders.complete(answer); answer.headers.append('Set-Cookie', `last=${encodeURIComponent(new URL(request.url).pathname)}`);",
    ),
  ),
  build(
    'does not expect an odd id',
    'L126',
    edit(
      'redeemChallenge',
      'const challenge = await store.findChallenge(id);',
      "if (!/^[\\w-]+$/.test(id)) throw new TypeError('This is no id.'); const challenge = await store.findChallenge(id);",
    ),
  ),
  build(
    'shows an account as it is stored',
    'L127',
    edit(
      'userView',
      'userView({ id, email, name, operator }: Account): User { return { id, email, name, operator };',
      'userView(account: Account): User { return account;',
    ),
  ),
  build(
    'lets its JSON be opened as a page',
    'L128',
    inText('makeSecurityHeaders', "frame-ancestors 'none'; sandbox", "frame-ancestors 'none'"),
  ),
  build(
    'tells what a browser calls itself',
    'L201',
    edit('describeDevice', "return words || 'Unknown device';", 'return words + userAgent;'),
  ),
  /* Exhaustion */
  build(
    'reads an unwanted body to its end',
    'M130',
    edit(
      'listen',
      "if (announcesBody(incoming)) outgoing.once('finish', () => hangUpOnBodies(incoming));",
      '',
    ),
  ),
  build(
    'walks through what it was sent',
    'M131',
    edit(
      'validate',
      'const result = z.safeParse(',
      "const depth = (value) => (value && typeof value === 'object' ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0); depth(input); const result = z.safeParse(",
    ),
  ),
  build(
    'lists as much as is asked for',
    'M134',
    edit('pageBy', 'const maxItems = 100;', 'const maxItems = 100_000;'),
  ),
  build(
    'hashes a password of any length',
    'M132',
    edit('signInShape', 'z.maxLength(512,', 'z.maxLength(5_000_000,'),
  ),
  build(
    'waits long for headers',
    'M133',
    edit('listen', 'headersTimeout: 10_000', 'headersTimeout: 30_000'),
  ),
  build(
    'lets every caller wait for a hash',
    'M201',
    edit('makeHashQueue', 'if (waiting.length >= waitingRoom)', 'if (false)'),
    edit('makeHashQueue', 'if (admitted.length >= most)', 'if (false)'),
    edit('makeHashQueue', 'timeoutMs = 5_000', 'timeoutMs = 500_000'),
  ),
  build(
    'ends when a client hangs up',
    'M202',
    edit(
      'parseJson',
      "throw new Problem('malformed', { cause: 'the client hung up' });",
      'process.exit(1);',
    ),
  ),
  build(
    'takes a megabyte of headers',
    'M203',
    edit('listen', 'maxHeaderSize: 16 * 1024', 'maxHeaderSize: 1024 * 1024'),
  ),
  build(
    'does not count changes',
    'M204',
    edit('serveEndpoint', "if (principal && method !== 'GET')", 'if (false)'),
  ),
  build(
    'lets one network fill the hash queue',
    'M207',
    edit('makeHashQueue', 'const assured = 4;', 'const assured = 0;'),
  ),
  build(
    'lets one network hold all connections',
    'M208',
    edit('listen', 'if (trustProxy === 0) shareConnections(server, shareOfNetwork);', ''),
  ),
  build(
    'records changes of one account without end',
    'M205',
    edit(
      'failureStreak',
      "about: 'Recorded changes', limit: 100,",
      "about: 'Recorded changes', limit: 100_000,",
    ),
  ),
  build(
    'counts no exports of one account',
    'M206',
    edit(
      'failureStreak',
      "about: 'Data exports of one account', limit: 10,",
      "about: 'Data exports of one account', limit: 1_000,",
    ),
  ),
  /* Headers */
  build(
    'shows sandbox pages to HTTP/1.0',
    'N202',
    edit('clientOf', 'if (!directVersions.has(httpVersion))', 'if (false)'),
  ),
  build(
    'lets types be guessed',
    'N137 L128',
    edit('makeSecurityHeaders', "['X-Content-Type-Options', 'nosniff'],", ''),
  ),
  build(
    'promises HTTPS over plain HTTP',
    'N138',
    edit(
      'makeSecurityHeaders',
      'secure ? [...always, strictTransport] : always',
      '[...always, strictTransport]',
    ),
  ),
  build('allows plug-ins', 'N139', edit('makeSecurityHeaders', '"object-src \'none\'",', '')),
  build(
    'has a door for its developers',
    'N141',
    edit(
      'makeApp',
      "publicPage('/docs',",
      "app.get('/debug', () => Response.json({ debug: true })); publicPage('/docs',",
    ),
  ),
  build(
    'reveals its version in health responses',
    'N142',
    edit(
      'makeApp',
      "Response.json({ status: 'ready' })",
      "Response.json({ status: 'ready', version })",
    ),
  ),
  build(
    'introduces itself',
    'N144',
    edit(
      'makeSecurityHeaders',
      "['X-Frame-Options', 'DENY'],",
      "['X-Frame-Options', 'DENY'], ['Server', 'Flowcept/0.1'],",
    ),
  ),
  build(
    'says nothing on how long its assets are good',
    'N145',
    edit(
      'loadStaticFiles',
      "file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache'",
      "'public'",
    ),
  ),
];
