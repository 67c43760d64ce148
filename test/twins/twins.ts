import type { Edit } from '../mutants/mutate.ts';

/** A broken twin of the server: one mistake that somebody could make, and the attack cases that must get through because of it. */
export interface Twin {
  what: string;
  edits: readonly Edit[];
  lets: readonly string[];
}

const twin = (what: string, lets: string, ...edits: [file: string, find: string, put: string][]): Twin => ({
  what,
  lets: lets.split(' '),
  edits: edits.map(([file, find, put]) => ({ file, find, put })),
});

const signIn = 'accounts/sign-in.js';
const headers = 'http/security-headers.js';
const limits = 'ratelimit/limits.js';
const shapes = 'accounts/shapes.js';
const serve = 'http/serve-endpoint.js';
const changeEmail = 'accounts/change-email.js';
const providerSignIn = 'oauth/sign-in.js';
const factors = 'store/libsql/factors.js';
const passkeys = 'two-factor/passkeys.js';
const counted = ' AND (counter < ?1 OR (counter = 0 AND ?1 = 0))';

/** Every case of the drill stands behind at least one of them: `twins.test.ts` holds that. */
export const twins: readonly Twin[] = [
  /* Sign-up and e-mail identity */
  twin('answers the password of an open sign-up as a sign-in', 'A1', [signIn, 'return refuseUnverified(deps, { signUp, accountId: account?.id ?? null, client });', "return { id: signUp.id, email, name: signUp.name, operator: false };"]),
  twin('sends a known address a code', 'A2', ['accounts/verify-email-letter.js', 'return isKnown\n', 'return false\n']),
  twin('leaves other sign-ups of a proved address alive', 'A3', ['store/libsql/accounts.js', "challenge.endAllOf(account.email, 'verify-email', now);", '']),
  twin('keeps the case of a local part', 'A4', ['accounts/email-address.js', '${local.toLowerCase()}@', '${local}@']),
  twin('takes Cyrillic letters for Latin ones', 'A5', ['accounts/email-address.js', 'asciiDomain(typed.slice(at + 1));', "asciiDomain(typed.slice(at + 1).replaceAll('\\u0430', 'a'));"]),
  twin('takes any local part', 'A6', ['accounts/email-address.js', '!localPart.test(local)', 'false']),
  twin('takes any character in a name', 'A7 A203', [shapes, 'if (forbiddenInNames.test(trimmed) || !trimmed.isWellFormed())', 'if (false)']),
  twin('is busy for a second with a long address', 'A8 L125', ['accounts/email-address.js', 'if (typed.length > 320)\n        return null;', 'if (typed.length > 320) {\n        for (const until = Date.now() + 1_200; Date.now() < until;);\n        return null;\n    }']),
  twin('drops fields that it does not know', 'A9 L116', [shapes, 'return z.strictObject({ email, password: newPassword(rules), name, ...extra });', 'return z.object({ email, password: newPassword(rules), name, ...extra });']),
  twin('answers a used code like the first time', 'A201 A202', ['accounts/verify-email.js', 'const { account } = await redeemChallenge(deps,', 'const { account } = await ((...all) => redeemChallenge(...all).then((one) => (globalThis.made = one)).catch((error) => { if (!globalThis.made) throw error; return globalThis.made; }))(deps,']),
  twin('takes everybody for the operator', 'A204', ['http/guards.js', 'if (!signed.account.operator)', 'if (false)']),
  twin('lets one network take all mail with codes', 'A205 E207', [limits, 'window: hour, share: 3', 'window: hour, share: 5']),
  twin('keeps two sign-ups of an address', 'A206', ['accounts/sign-up.js', 'const sideBySide = 5;', 'const sideBySide = 2;']),
  /* Codes */
  twin('makes codes that count up', 'B11', ['crypto/token.js', 'randomInt(1_000_000).toString()', '(7_000 + (globalThis.nth = (globalThis.nth ?? 0) + 1)).toString()']),
  twin('counts no attempts', 'B13 B14', ['store/libsql/challenges.js', 'attempts_left - 1\n    WHERE id = ? AND purpose = ?', 'attempts_left\n    WHERE id = ? AND purpose = ?']),
  twin('sends another code as often as asked', 'B15', ['challenges/renew-challenge.js', 'await takeResend(deps, challenge);', 'await 0;']),
  twin('does not look at the purpose', 'B16', ['challenges/redeem-challenge.js', 'if (!purposes.includes(challenge.purpose))', 'if (false)']),
  twin('sends fifty code mails an hour', 'B17', [limits, "'Mails with a code, in an hour', limit: 5, window: hour, share: 3", "'Mails with a code, in an hour', limit: 50, window: hour, share: 50"]),
  twin('makes text of whatever is given as a code', 'B18', ['challenges/shapes.js', "z.string().check(z.regex(/^[0-9]{6}$/, 'A code is six digits.'))", 'z.pipe(z.unknown(), z.transform(String))']),
  twin('forgets wrong codes', 'B201', [limits, "about: 'Wrong codes', limit: 10,", "about: 'Wrong codes', limit: 1_000,"]),
  twin('numbers its records', 'B202', ['crypto/token.js', "return randomBytes(16).toString('base64url');", 'return String((globalThis.ids = (globalThis.ids ?? 1e9) + 1));']),
  /* Passwords */
  twin('counts UTF-16 units', 'C19', ['accounts/password-rules.js', 'const length = [...password].length;', 'const length = password.length;']),
  twin('refuses spaces around a password', 'C20', ['accounts/password-rules.js', 'if (!password.isWellFormed())', 'if (password !== password.trim())']),
  twin('compares the first 36 units of a password', 'C21', ['accounts/password.js', ".update(password, 'utf8')", ".update(password.slice(0, 36), 'utf8')"]),
  twin('trims and folds passwords', 'C22', ['accounts/password.js', ".update(password, 'utf8')", ".update(password.trim().toLowerCase(), 'utf8')"]),
  twin('takes common passwords', 'C23', ['accounts/refuse-guessable.js', 'if (isCommon(password))', 'if (false)']),
  twin('changes a password without the current one', 'C24', ['accounts/change-password.js', 'await provePassword(deps, account, current);', '']),
  twin('compares a hundred wrong passwords', 'C25 C201', [limits, "about: 'Wrong passwords', limit: 10,", "about: 'Wrong passwords', limit: 100,"]),
  twin('does not count by address', 'C26 C27 M135', [serve, 'if (limit)\n', 'if (false)\n']),
  twin('believes X-Forwarded-For', 'C27', ['http/client-address.js', "trusted > 0 && forwardedFor !== null ? forwardedFor.split(',') : [];", 'forwardedFor !== null ? [forwardedFor] : [];']),
  twin('counts each spelling of a path by itself', 'C28', [serve, 'take(limit, { who: client.network })', 'take(limit, { who: client.network + request.url })']),
  twin('makes text of whatever is given as an address', 'C29', [shapes, 'export const email = z.pipe(z.string(), z.transform((typed, context) => {\n    const normal = normalEmail(typed.trim());', 'export const email = z.pipe(z.unknown(), z.transform((typed, context) => {\n    const normal = normalEmail(String(typed).trim());']),
  twin('leaves the session from before', 'C30', ['store/libsql/sessions.js', 'if (replacing !== null)', 'if (false)']),
  twin('gives back all wrong passwords for one that was none', 'C202', ['ratelimit/limiter.js', 'async refund(name, subject) {\n            for (const key of keysOf(name, subject))\n                await store.refundLimit(key);', 'async refund(name, subject) {\n            for (const key of keysOf(name, subject))\n                await store.clearLimit(key);']),
  twin('counts no wrong confirmations', 'C203', [limits, "about: 'Wrong passwords of somebody signed in', limit: 10,", "about: 'Wrong passwords of somebody signed in', limit: 1_000,"]),
  twin('changes a password whatever it is by now', 'C204', ['store/libsql/account-changes.js', "'UPDATE accounts SET password_hash = ? WHERE id = ? AND password_hash = ? RETURNING email'", "'UPDATE accounts SET password_hash = ? WHERE id = ? AND (password_hash = ? OR 1) RETURNING email'"], ['store/libsql/sessions.js', 'if (provenHash !== null && proven.get(accountId, provenHash) === undefined)', 'if (false)']),
  /* Enumeration */
  twin('says that an address has no account', 'D31', [signIn, "throw new Problem('wrong-credentials')", "throw new Problem(account ? 'wrong-credentials' : 'not-found')"]),
  twin('answers a recovery of nobody otherwise', 'D32', ['accounts/recover.js', '    return challenge;\n', '    return account ? challenge : { ...challenge, attemptsLeft: 0 };\n']),
  twin('finds somebody else’s event', 'D33', ['store/libsql/events.js', 'WHERE ${condition} AND id = ?${own + 2})', 'WHERE id = ?${own + 2})']),
  twin('limits guesses at known addresses only', 'D35', [signIn, "await limiter.take('wrong-password', subject).catch(", "await (account ? limiter.take('wrong-password', subject) : Promise.resolve()).catch("]),
  twin('ends a challenge for show at the first guess', 'D201', ['challenges/redeem-challenge.js', 'if (isOver(challenge, clock.now()))', "if (isOver(challenge, clock.now()) || (challenge.purpose === 'verify-email' && (await store.findAccountByEmail(challenge.email))))"]),
  twin('looks at an open sign-up only where there is no account', 'D202', [signIn, 'const signUp = await store.newestSignUp(email, clock.now());', 'const signUp = account ? null : await store.newestSignUp(email, clock.now());']),
  twin('hashes nothing for an unknown address', 'D203', [signIn, 'await compare(account?.passwordHash ?? null)', 'account !== null && (await compare(account.passwordHash))']),
  /* Recovery */
  twin('does not use up an undo', 'E36', ['store/libsql/account-changes.js', "'DELETE FROM undos WHERE token_hash = ? AND expires_at > ? RETURNING account_id, since, email'", "'SELECT account_id, since, email FROM undos WHERE token_hash = ? AND expires_at > ?'"]),
  twin('serves under any name', 'E37', ['http/host-check.js', 'if (asked.toLowerCase() === publicUrl.host)', 'if (true)']),
  twin('leaves sessions alive at a recovery', 'E38', ['store/libsql/account-changes.js', 'endSessions.run(accountId);\n        forgetDevices.run(accountId);', 'forgetDevices.run(accountId);']),
  twin('tells other sites where one comes from', 'E40 N137', [headers, "['Referrer-Policy', 'no-referrer']", "['Referrer-Policy', 'origin']"]),
  twin('begins a session whatever became of the password', 'E201 E202 E203', [signIn, "method: 'password', stay, provenHash, factor", "method: 'password', stay, provenHash: null, factor"]),
  twin('counts a refused password as a wrong code', 'E204', ['challenges/redeem-challenge.js', "await deps.limiter.refund('wrong-code', subject);\n        throw error;", 'throw error;']),
  twin('leaves a redeemed challenge open', 'E205', ['store/libsql/challenges.js', "endAndDrop(id, now);\n            return { kind: 'right', challenge };", "return { kind: 'right', challenge };"], ['store/libsql/account-changes.js', "challenge.endAllOf(account.email, 'recover', now);", '']),
  twin('sends nobody a code of recovery', 'E206', ['accounts/recover.js', 'return isKnown ? {', 'return true ? {']),
  twin('lets lost factors go at once', 'E208', ['two-factor/lost-factors.js', 'const opensAfter = 72 * hour;', 'const opensAfter = 0;']),
  /* One’s own account */
  twin('lets anybody type the code of a new address', 'A10', [changeEmail, 'if (subjectId !== signed.account.id)', 'if (false)']),
  twin('binds a challenge for show to nobody', 'D204', [changeEmail, 'subjectId: who.account.id,', 'subjectId: taken ? null : who.account.id,'], [changeEmail, 'if (subjectId !== signed.account.id)', 'if (subjectId !== null && subjectId !== signed.account.id)']),
  twin('forgets the codes of an address that was left', 'E41', ['store/libsql/account-changes.js', 'challenge.endAllOf(before, purpose, now);', ';']),
  twin('leaves sessions alive at a closing', 'F50', ['store/libsql/closing.js', 'endSessions.run(accountId);', '']),
  twin('exports an account as it is stored', 'L123', ['accounts/export.js', '{ ...userView(account),', '{ ...account,']),
  /* Sign-in providers */
  twin('asks Google for the calendar, too', 'H64', ['oauth/google.js', "scope: 'openid email profile'", "scope: 'openid email profile https://www.googleapis.com/auth/calendar'"]),
  twin('leaves a way to a provider open after it was gone', 'H65 H67', ['store/libsql/flows.js', "`DELETE FROM flows WHERE state_hash = ? RETURNING ${columnsOf('flows')}`", "`SELECT ${columnsOf('flows')} FROM flows WHERE state_hash = ?`"]),
  twin('keeps the secrets of a way to a provider by its state', 'H65 H66', ['oauth/start.js', 'const secrets = flowSecrets(token);', 'const secrets = flowSecrets(token);\n    (globalThis.ways ??= new Map()).set(secrets.state, token);'], ['oauth/finish.js', "if (client.flowToken === null)\n        throw new FlowProblem('cookie-missing');\n    const secrets = flowSecrets(client.flowToken);", 'const secrets = flowSecrets(globalThis.ways.get(state));']),
  twin('takes any address that Google names', 'H69', ['oauth/google.js', 'email: verified === true ? (email ?? null) : null', 'email: email ?? null']),
  twin('knows people at a provider by their address', 'H70 H71', [providerSignIn, 'const known = await store.findAccountByIdentity(identity);', 'const known = await store.findAccountByEmail(provedEmail(arrival.person));'], ['sessions/begin-session.js', 'provenProvider: providerOf({ method, factor })', 'provenProvider: null']),
  twin('drops the last way in', 'H72', ['store/libsql/identities.js', 'if (otherWay.get(accountId, provider) === undefined)', 'if (false)']),
  twin('looks once at where somebody was going', 'H73', ['oauth/shapes.js', "return withinOneSite.test(path) && !path.startsWith('/api/') ? path : null;", 'return path;']),
  twin('sends on what a callback says', 'H74', ['oauth/finish.js', 'return wayBack(error.kind, provider, flow);', "return wayBack(answer.get('error') ?? error.kind, provider, flow);"]),
  twin('takes callbacks by a form', 'H77', ['app.js', 'app.on(endpoint.method, endpoint.path,', "app.on(endpoint.path.endsWith('/callback') ? ['GET', 'POST'] : [endpoint.method], endpoint.path,"]),
  twin('joins a provider to whoever comes back', 'H201', ['oauth/join.js', 'if (!signed || signed.account.id !== accountId)', 'if (!signed)']),
  twin('asks nobody for a factor who comes by a provider', 'H202', [providerSignIn, "const factor = opened === null ? 'ask' : 'settled';", "const factor = 'settled';"]),
  /* Second factors */
  twin('takes the second factors away at a recovery', 'E39', ['store/libsql/account-changes.js', "challenge.endAllOf(account.email, 'second-factor', now);", 'removeSince(accountId, 0);']),
  twin('begins a session before it asks for a factor', 'F52', ['sessions/begin-session.js', "if (due !== null && due !== 'lost')\n        return due;", "if (due !== null && due !== 'lost') {\n        await open(deps, beginning, { recovers: false });\n        return due;\n    }"]),
  twin('asks for an app that was never tried', 'I78', [factors, 'account_id = ? AND confirmed_at IS NOT NULL ORDER BY', 'account_id = ? ORDER BY']),
  twin('takes a code of an app as often as it comes', 'I79', [factors, counted, '']),
  twin('takes codes of two minutes', 'I80', ['two-factor/totp.js', 'const tolerance = 30;', 'const tolerance = 60;']),
  twin('counts no wrong factors', 'I81', [limits, "about: 'Wrong second factors', limit: 10,", "about: 'Wrong second factors', limit: 1_000,"]),
  twin('does not look whether a challenge was met', 'I82', ['store/libsql/sessions.js', 'if (challengeId !== null && !challenge.isOpen(challengeId, createdAt))', 'if (false)'], ['challenges/redeem-challenge.js', 'if (isOver(challenge, clock.now()))', 'if (false)']),
  twin('keeps a recovery code that was used', 'I83', [factors, 'DELETE FROM recovery_codes WHERE account_id = ? AND code_hash = ?', 'UPDATE recovery_codes SET code_hash = code_hash WHERE account_id = ? AND code_hash = ?']),
  twin('counts proof from before there was a factor', 'I84', ['sessions/require-confirmation.js', 'const isOfNow = factors.length === 0 ||', 'const isOfNow = true ||']),
  twin('takes a recovery code of anybody', 'I89', [factors, 'DELETE FROM recovery_codes WHERE account_id = ? AND code_hash = ?', 'DELETE FROM recovery_codes WHERE (account_id = ? OR 1) AND code_hash = ?']),
  twin('asks nobody for a factor who means to stay', 'I201', [signIn, "provenHash, factor: 'ask'", "provenHash, factor: stay ? 'settled' : 'ask'"]),
  /* Passkeys */
  twin('does not look for whom a ceremony was begun', 'I85 I86', [passkeys, 'taken.subjectId === subjectId', 'true']),
  twin('leaves a ceremony open', 'I86', [factors, "DELETE FROM ceremonies WHERE challenge_hash = ? AND purpose = ? AND expires_at > ? RETURNING subject_id", 'SELECT subject_id FROM ceremonies WHERE challenge_hash = ? AND purpose = ? AND expires_at > ?']),
  twin('takes passkeys of any origin', 'I85 I87', [passkeys, 'expectedOrigin: config.origin', "expectedOrigin: [config.origin, `${config.origin}.evil.test`]"]),
  twin('does not look whose passkey it says it is', 'I87', [passkeys, "if (claimed !== undefined && claimed !== Buffer.from(factor.accountId).toString('base64url'))", 'if (false)']),
  twin('signs in by a passkey that did not ask who holds it', 'I87', [passkeys, "const requireUserVerification = occasion.purpose === 'sign-in';", 'const requireUserVerification = false;']),
  twin('takes anybody’s passkey at a challenge', 'I87', ['two-factor/prove-factor.js', 'verified?.factor.accountId === accountId', 'verified'], [factors, 'WHERE id = ?3 AND account_id = ?4 AND', 'WHERE id = ?3 AND ?4 = ?4 AND']),
  twin('does not look at what a passkey counted', 'I88', [factors, counted, ''], [passkeys, 'counter: factor.counter', 'counter: 0']),
  twin('does not expect an odd passkey', 'I90', [passkeys, 'requireUserVerification: false }).catch(() => null)', 'requireUserVerification: false })']),
  /* Sessions */
  twin('lets scripts read the session cookie', 'F43', ['http/cookies.js', '; HttpOnly; SameSite=Lax', '; SameSite=Lax']),
  twin('makes tokens that begin alike', 'F44', ['crypto/token.js', "return randomBytes(32).toString('base64url');", "return Buffer.concat([Buffer.alloc(16), randomBytes(16)]).toString('base64url');"]),
  twin('keeps the value that a browser brings', 'F45', ['sessions/begin-session.js', 'const token = newToken();\n    const deviceToken', 'const token = client.sessionToken ?? newToken();\n    const deviceToken']),
  twin('only clears the cookie at sign-out', 'F46', ['sessions/routes.js', 'await endSession(services, signed, signed.session.id, client);', 'await 0;']),
  twin('remembers sessions that it has seen', 'F48 F201 F202', ['sessions/authenticate.js', 'const signed = await store.findSession(hashToken(sessionToken));', 'const signed = (globalThis.cache ??= new Map()).get(sessionToken) ?? (await store.findSession(hashToken(sessionToken)));\n    globalThis.cache.set(sessionToken, signed);']),
  twin('ends anybody’s session', 'F49', ['store/libsql/sessions.js', "'DELETE FROM sessions WHERE account_id = ? AND id = ?'", "'DELETE FROM sessions WHERE (account_id = ? OR 1) AND id = ?'"]),
  twin('takes the first of two cookies', 'F51', ['http/cookies.js', 'token !== value)\n            return null;', 'token !== value)\n            break;']),
  twin('keeps a session’s value when it is confirmed', 'F53', ['sessions/confirm-session.js', 'const token = newToken();', 'const token = client.sessionToken;']),
  twin('lets answers be kept', 'F54', [headers, "own.set('Cache-Control', 'no-store')", "own.set('Cache-Control', 'private, max-age=60')"]),
  twin('keeps two hundred sessions', 'F55', ['sessions/lifetimes.js', 'mostSessions = 20', 'mostSessions = 200']),
  twin('takes any text for the length of a page', 'F203', ['http/paging.js', '/^[1-9]\\d{0,3}$/', '/.*/']),
  /* Cross-site */
  twin('refuses only what calls itself cross-site', 'G56', ['http/origin-check.js', "site === 'same-origin'", "site !== 'cross-site'"]),
  twin('takes JSON of any content type', 'G57', ['http/read-body.js', "if (!/^application\\/json\\s*(;|$)/i.test(type ?? ''))", 'if (false)']),
  twin('signs out by a GET', 'G58 G59 G62 F46', ['app.js', 'app.on(endpoint.method, endpoint.path,', "app.on(endpoint.path === '/api/sign-out' ? ['GET', 'POST'] : [endpoint.method], endpoint.path,"]),
  twin('lets every origin read', 'G60', [headers, "['X-Frame-Options', 'DENY'],", "['X-Frame-Options', 'DENY'], ['Access-Control-Allow-Origin', '*'],"]),
  twin('lets itself be framed', 'G61', [headers, "['X-Frame-Options', 'DENY'],", "['X-Frame-Options', 'SAMEORIGIN'],"]),
  twin('looks at the origin only where there is a cookie', 'G201', ['http/origin-check.js', 'if (!ours)', "if (!ours && headers.has('cookie'))"]),
  /* Parsing */
  twin('writes an id into its SQL', 'L112', ['store/libsql/challenges.js', 'const row = find.get(id);', "const row = db.statement(`SELECT ${columnsOf('challenges')} FROM challenges WHERE id = '${id}'`).get();"]),
  twin('escapes no markup', 'L114', ['http/page.js', '`<!doctype html>${markup}`', "`<!doctype html>${markup.replaceAll('&lt;', '<').replaceAll('&gt;', '>')}`"]),
  twin('puts a page together by replacing text', 'L115', ['http/page.js', '`<!doctype html>${markup}`', "'<!doctype html>MARKUP'.replace('MARKUP', markup)"]),
  twin('does not expect what is not JSON', 'L117', ['http/read-body.js', "throw new Problem('malformed', { detail", "throw error ?? new Problem('malformed', { detail"]),
  twin('reads a body from the address, too', 'L118', [serve, 'const sent = await readJson(request);', 'const sent = { ...Object.fromEntries(wanted ? new URL(request.url).searchParams : []), ...(await readJson(request)) };']),
  twin('serves every file of the build', 'L119', ['http/static-files.js', "extname(name) in types && extname(name) !== '.html'", 'true']),
  twin('does not look for a proxy before its practice pages', 'L120 N201', ['http/client.js', ' && !forwarding.some((name) => headers.has(name))', '']),
  twin('parses requests leniently', 'L121', ['http/listen.js', ': createServer(limits, inOrder);', ': createServer({ ...limits, insecureHTTPParser: true }, inOrder);']),
  twin('remembers the last path in a cookie', 'L122', ['app.js', 'secureHeaders.complete(answer);', "secureHeaders.complete(answer);\n        answer.headers.append('Set-Cookie', `last=${encodeURIComponent(new URL(request.url).pathname)}`);"]),
  twin('does not expect an odd id', 'L126', ['challenges/redeem-challenge.js', 'const challenge = await store.findChallenge(id);', "if (!/^[\\w-]+$/.test(id)) throw new TypeError('This is no id.');\n    const challenge = await store.findChallenge(id);"]),
  twin('shows an account as it is stored', 'L127', ['sessions/views.js', 'userView({ id, email, name, operator }) {\n    return { id, email, name, operator };', 'userView(account) {\n    return account;']),
  twin('lets its JSON be opened as a page', 'L128', [headers, "frame-ancestors 'none'; sandbox", "frame-ancestors 'none'"]),
  twin('tells what a browser calls itself', 'L201', ['audit/device.js', "return words || 'Unknown device';", 'return words + userAgent;']),
  /* Exhaustion */
  twin('reads a body that nobody wants to its end', 'M130', ['http/listen.js', "outgoing.once('finish', () => hangUpOnBodies(incoming));", '']),
  twin('walks through what it was sent', 'M131', ['http/validate.js', 'const result = z.safeParse(', "const depth = (value) => (value && typeof value === 'object' ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0);\n    depth(input);\n    const result = z.safeParse("]),
  twin('lists as much as is asked for', 'M134', ['http/paging.js', 'const mostItems = 100;', 'const mostItems = 100_000;']),
  twin('hashes a password of any length', 'M132', [shapes, 'z.maxLength(512,', 'z.maxLength(5_000_000,']),
  twin('waits long for headers', 'M133', ['http/listen.js', 'headersTimeout: 10_000', 'headersTimeout: 30_000']),
  twin('lets everybody wait for a hash', 'M201', ['accounts/hash-queue.js', 'if (waiting.length >= waitingRoom)', 'if (false)'], ['accounts/hash-queue.js', 'if (admitted >= atOnce + waitingRoom)', 'if (false)'], ['accounts/hash-queue.js', 'patience = 5_000', 'patience = 500_000']),
  twin('ends when a client hangs up', 'M202', ['http/read-body.js', "throw error instanceof Problem ? error : new Problem('malformed', { cause: 'the client hung up' });", 'process.exit(1);']),
  twin('takes a megabyte of headers', 'M203', ['http/listen.js', 'maxHeaderSize: 16 * 1024', 'maxHeaderSize: 1024 * 1024']),
  twin('does not count changes', 'M204', [serve, "if (who && method !== 'GET')", 'if (false)']),
  /* Headers */
  twin('lets types be guessed', 'N137 L128', [headers, "['X-Content-Type-Options', 'nosniff'],", '']),
  twin('promises HTTPS over plain HTTP', 'N138', [headers, 'secure ? [...always, strictTransport] : always', '[...always, strictTransport]']),
  twin('allows plug-ins', 'N139', [headers, '"object-src \'none\'",', '']),
  twin('has a door for its developers', 'N141', ['app.js', "app.get('/docs',", "app.get('/debug', () => Response.json({ debug: true }));\n    app.get('/docs',"]),
  twin('tells its version to whoever asks for its health', 'N142', ['app.js', "Response.json({ status: 'ready' })", "Response.json({ status: 'ready', version })"]),
  twin('introduces itself', 'N144', [headers, "['X-Frame-Options', 'DENY'],", "['X-Frame-Options', 'DENY'], ['Server', 'Flowcept/0.1'],"]),
  twin('says nothing on how long its assets are good', 'N145', ['http/static-files.js', "file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache'", "'public'"]),
];
