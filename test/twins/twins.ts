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
  twin('counts no attempts', 'B13 B14', ['store/libsql/challenges.js', 'SET attempts_left = attempts_left - 1', 'SET attempts_left = attempts_left']),
  twin('sends another code as often as asked', 'B15', ['challenges/renew-challenge.js', 'await takeResend(deps, challenge);', 'await 0;']),
  twin('does not look at the purpose', 'B16', ['challenges/redeem-challenge.js', 'if (!purposes.includes(challenge.purpose))', 'if (false)']),
  twin('sends fifty code mails an hour', 'B17', [limits, "'code-mail-hour': { by: 'email', limit: 5, window: hour, share: 3 }", "'code-mail-hour': { by: 'email', limit: 50, window: hour, share: 50 }"]),
  twin('makes text of whatever is given as a code', 'B18', ['challenges/shapes.js', "z.string().check(z.regex(/^[0-9]{6}$/, 'A code is six digits.'))", 'z.pipe(z.unknown(), z.transform(String))']),
  twin('forgets wrong codes', 'B201', [limits, "'wrong-code': { by: 'email', limit: 10,", "'wrong-code': { by: 'email', limit: 1_000,"]),
  twin('numbers its records', 'B202', ['crypto/token.js', "return randomBytes(16).toString('base64url');", 'return String((globalThis.ids = (globalThis.ids ?? 1e9) + 1));']),
  /* Passwords */
  twin('counts UTF-16 units', 'C19', ['accounts/password-rules.js', 'const length = [...password].length;', 'const length = password.length;']),
  twin('refuses spaces around a password', 'C20', ['accounts/password-rules.js', 'if (!password.isWellFormed())', 'if (password !== password.trim())']),
  twin('compares the first 36 units of a password', 'C21', ['accounts/password.js', ".update(password, 'utf8')", ".update(password.slice(0, 36), 'utf8')"]),
  twin('trims and folds passwords', 'C22', ['accounts/password.js', ".update(password, 'utf8')", ".update(password.trim().toLowerCase(), 'utf8')"]),
  twin('takes common passwords', 'C23', ['accounts/refuse-guessable.js', 'if (isCommon(password))', 'if (false)']),
  twin('changes a password without the current one', 'C24', ['accounts/change-password.js', 'await provePassword(deps, account, current);', '']),
  twin('compares a hundred wrong passwords', 'C25 C201', [limits, "'wrong-password': { by: 'email', limit: 10,", "'wrong-password': { by: 'email', limit: 100,"]),
  twin('does not count by address', 'C26 C27 M135', [serve, 'if (limit)\n', 'if (false)\n']),
  twin('believes X-Forwarded-For', 'C27', ['http/client-address.js', "trusted > 0 && forwardedFor !== null ? forwardedFor.split(',') : [];", 'forwardedFor !== null ? [forwardedFor] : [];']),
  twin('counts each spelling of a path by itself', 'C28', [serve, 'services.limiter.take(limit, client.network)', 'services.limiter.take(limit, client.network + request.url)']),
  twin('makes text of whatever is given as an address', 'C29', [shapes, 'export const email = z.pipe(z.string(), z.transform((typed, context) => {\n    const normal = normalEmail(typed.trim());', 'export const email = z.pipe(z.unknown(), z.transform((typed, context) => {\n    const normal = normalEmail(String(typed).trim());']),
  twin('leaves the session from before', 'C30', ['store/libsql/sessions.js', 'if (replacing !== null)', 'if (false)']),
  twin('gives back all wrong passwords for one that was none', 'C202', ['ratelimit/limiter.js', 'async refund(name, subject) {\n            for (const key of keysOf(name, subject))\n                await store.refundLimit(key);', 'async refund(name, subject) {\n            for (const key of keysOf(name, subject))\n                await store.clearLimit(key);']),
  twin('counts no wrong confirmations', 'C203', [limits, "'wrong-confirmation': { by: 'account', limit: 10,", "'wrong-confirmation': { by: 'account', limit: 1_000,"]),
  twin('changes a password whatever it is by now', 'C204', ['store/libsql/account-changes.js', "'UPDATE accounts SET password_hash = ? WHERE id = ? AND password_hash = ?'", "'UPDATE accounts SET password_hash = ? WHERE id = ? AND (password_hash = ? OR 1)'"], ['store/libsql/sessions.js', 'if (provenHash !== null && proven.get(session.accountId, provenHash) === undefined)', 'if (false)']),
  /* Enumeration */
  twin('says that an address has no account', 'D31', [signIn, "throw new Problem('wrong-credentials')", "throw new Problem(account ? 'wrong-credentials' : 'not-found')"]),
  twin('answers a recovery of nobody otherwise', 'D32', ['accounts/recover.js', '    return challenge;\n', '    return account ? challenge : { ...challenge, attemptsLeft: 0 };\n']),
  twin('finds somebody else’s event', 'D33', ['store/libsql/events.js', 'WHERE account_id = ?1 AND id = ?3)', 'WHERE id = ?3)']),
  twin('limits guesses at known addresses only', 'D35', [signIn, "await limiter.take('wrong-password', subject).catch(", "await (account ? limiter.take('wrong-password', subject) : Promise.resolve()).catch("]),
  twin('ends a challenge for show at the first guess', 'D201', ['challenges/redeem-challenge.js', 'if (isOver(challenge, clock.now()))', "if (isOver(challenge, clock.now()) || (challenge.purpose === 'verify-email' && (await store.findAccountByEmail(challenge.email))))"]),
  twin('looks at an open sign-up only where there is no account', 'D202', [signIn, 'const signUp = await store.newestSignUp(email, clock.now());', 'const signUp = account ? null : await store.newestSignUp(email, clock.now());']),
  twin('hashes nothing for an unknown address', 'D203', [signIn, 'await compare(account?.passwordHash ?? null)', 'account !== null && (await compare(account.passwordHash))']),
  /* Recovery */
  twin('does not use up an undo', 'E36', ['store/libsql/account-changes.js', "'DELETE FROM undos WHERE token_hash = ? AND expires_at > ? RETURNING account_id'", "'SELECT account_id FROM undos WHERE token_hash = ? AND expires_at > ?'"]),
  twin('serves under any name', 'E37', ['http/host-check.js', 'if (asked.toLowerCase() === publicUrl.host)', 'if (true)']),
  twin('leaves sessions alive at a recovery', 'E38', ['store/libsql/account-changes.js', 'endSessions.run(accountId);\n        forgetDevices.run(accountId);', 'forgetDevices.run(accountId);']),
  twin('tells other sites where one comes from', 'E40 N137', [headers, "['Referrer-Policy', 'no-referrer']", "['Referrer-Policy', 'origin']"]),
  twin('begins a session whatever became of the password', 'E201 E202 E203', [signIn, "method: 'password', stay, provenHash, client, headers }", "method: 'password', stay, provenHash: null, client, headers }"]),
  twin('counts a refused password as a wrong code', 'E204', ['challenges/redeem-challenge.js', "await deps.limiter.refund('wrong-code', subject);\n        throw error;", 'throw error;']),
  twin('leaves a redeemed challenge open', 'E205', ['store/libsql/challenges.js', "endAndDrop(id, now);\n            return { kind: 'right', challenge };", "return { kind: 'right', challenge };"], ['store/libsql/account-changes.js', "challenge.endAllOf(account.email, 'recover', now);", '']),
  twin('sends nobody a code of recovery', 'E206', ['accounts/recover.js', 'return isKnown ? {', 'return true ? {']),
  /* Sessions */
  twin('lets scripts read the session cookie', 'F43', ['http/cookies.js', '; HttpOnly; SameSite=Lax', '; SameSite=Lax']),
  twin('makes tokens that begin alike', 'F44', ['crypto/token.js', "return randomBytes(32).toString('base64url');", "return Buffer.concat([Buffer.alloc(16), randomBytes(16)]).toString('base64url');"]),
  twin('keeps the value that a browser brings', 'F45', ['sessions/begin-session.js', 'const token = newToken();', 'const token = client.sessionToken ?? newToken();']),
  twin('only clears the cookie at sign-out', 'F46', ['sessions/routes.js', 'await endSession(services, signed, signed.session.id, client);', 'await 0;']),
  twin('remembers sessions that it has seen', 'F48 F201 F202', ['sessions/authenticate.js', 'const signed = await store.findSession(hashToken(sessionToken));', 'const signed = (globalThis.cache ??= new Map()).get(sessionToken) ?? (await store.findSession(hashToken(sessionToken)));\n    globalThis.cache.set(sessionToken, signed);']),
  twin('ends anybody’s session', 'F49', ['store/libsql/sessions.js', "'DELETE FROM sessions WHERE account_id = ? AND id = ?'", "'DELETE FROM sessions WHERE (account_id = ? OR 1) AND id = ?'"]),
  twin('takes the first of two cookies', 'F51', ['http/cookies.js', 'return values.size === 1 && value', 'return value']),
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
  twin('reads a body from the address, too', 'L118', [serve, '(await readJson(request)) ?? (body ? undefined : {})', '{ ...Object.fromEntries(new URL(request.url).searchParams), ...(await readJson(request)) }']),
  twin('serves every file of the build', 'L119', ['http/static-files.js', "extname(name) in types && extname(name) !== '.html'", 'true']),
  twin('does not look for a proxy before its practice pages', 'L120 N201', ['http/client.js', ' && !forwarding.some((name) => headers.has(name))', '']),
  twin('parses requests leniently', 'L121', ['http/listen.js', ': createServer(limits, guarded);', ': createServer({ ...limits, insecureHTTPParser: true }, guarded);']),
  twin('remembers the last path in a cookie', 'L122', ['app.js', 'secureHeaders(answer);', "secureHeaders(answer);\n        answer.headers.append('Set-Cookie', `last=${encodeURIComponent(new URL(request.url).pathname)}`);"]),
  twin('does not expect an odd id', 'L126', ['challenges/redeem-challenge.js', 'const challenge = await store.findChallenge(id);', "if (!/^[\\w-]+$/.test(id)) throw new TypeError('This is no id.');\n    const challenge = await store.findChallenge(id);"]),
  twin('shows an account as it is stored', 'L127', ['sessions/views.js', 'userView({ id, email, name, operator }) {\n    return { id, email, name, operator };', 'userView(account) {\n    return account;']),
  twin('lets its JSON be opened as a page', 'L128', [headers, "frame-ancestors 'none'; sandbox", "frame-ancestors 'none'"]),
  twin('tells what a browser calls itself', 'L201', ['audit/device.js', "return words || 'Unknown device';", 'return words + userAgent;']),
  /* Exhaustion */
  twin('reads a body that nobody wants to its end', 'M130', ['http/listen.js', "outgoing.once('finish', () => hangUpOnBodies(incoming));", '']),
  twin('walks through what it was sent', 'M131', ['http/validate.js', 'const result = z.safeParse(', "const depth = (value) => (value && typeof value === 'object' ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0);\n    depth(input);\n    const result = z.safeParse("]),
  twin('lists as much as is asked for', 'M134', ['accounts/activity.js', 'const mostItems = 100;', 'const mostItems = 100_000;']),
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
