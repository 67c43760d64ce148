import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor, Reply } from './actor.ts';
import type { Attack } from './attack.ts';
import { at, listAt, textAt } from './json.ts';
import { atOnce, fewAtATime, statuses } from './parallel.ts';
import type { Member, Target } from './target.ts';
import { must, mustAnswer } from './verdict.ts';

const cookieOf = (target: Target): string => (target.isSecure ? '__Host-flowcept' : 'flowcept');

/** A browser whose only cookie is this session value. */
function holder(target: Target, token: string | undefined): Actor {
  const actor = target.actor();
  actor.cookies.set(cookieOf(target), token ?? '');
  return actor;
}

async function mustBeDead(target: Target, token: string | undefined, what: string): Promise<void> {
  must((await target.whoIs(holder(target, token))) === null, `${what} lives on.`);
}

const sessionsOf = async (actor: Actor): Promise<readonly unknown[]> =>
  listAt((await actor.get('/api/sessions')).json, 'items');

/** F: sessions and their cookies. */
export const sessionAttacks: readonly Attack[] = [
  {
    id: 'F43',
    title: 'A session cookie that scripts, sub-domains or plain HTTP can have',
    source: 'ASVS 3.3.1–3.3.5, 14.3.3',
    async run(target) {
      const member = await target.member();
      const reply = await target.signIn(target.actor(), member.email, member.password);
      must(reply.setCookies.length === 2, `There are ${reply.setCookies.length} cookies.`);
      for (const cookie of reply.setCookies) {
        must(
          /; HttpOnly/i.test(cookie) &&
            /; SameSite=(Lax|Strict)/i.test(cookie) &&
            /; Path=\/(;|$)/i.test(cookie),
          `The cookie is ${cookie}`,
        );
        must(!/Domain=/i.test(cookie) && cookie.length < 4096, `The cookie is ${cookie}`);
        must(
          !target.isSecure || (cookie.startsWith('__Host-') && /; Secure/i.test(cookie)),
          `The cookie is ${cookie}`,
        );
      }
      const token = member.actor.token ?? 'none';
      for (const path of [
        '/api/session',
        '/api/sessions',
        '/api/account/activity',
        '/',
        '/home',
        '/security',
      ])
        must(
          !(await member.actor.get(path)).text.includes(token),
          `${path} shows the session’s token.`,
        );
      for (const path of [`/api/session?flowcept=${token}`, `/api/session?token=${token}`])
        must((await target.actor().get(path)).status === 401, 'A token in the address signs in.');
      const headers = { Authorization: `Bearer ${token}`, 'X-Session': token };
      must(
        (await target.actor().get('/api/session', headers)).status === 401,
        'A session’s token in a header signs in.',
      );
    },
  },
  {
    id: 'F44',
    title: 'Tokens that can be told before they come',
    source: 'ASVS 7.2.3',
    async run(target) {
      const member = await target.member();
      const tokens: string[] = [];
      for (let index = 0; index < 16; index += 1) {
        const actor = target.actor();
        await target.signIn(actor, member.email, member.password);
        tokens.push(actor.token ?? '');
      }
      must(
        tokens.every((token) => /^[\w-]{43}$/.test(token)),
        'A token is not 256 bits in base64url.',
      );
      must(
        new Set(tokens.map((token) => token.slice(0, 5))).size === tokens.length &&
          new Set(tokens.map((token) => token.slice(-7))).size === tokens.length,
        'Tokens resemble one another.',
      );
    },
  },
  {
    id: 'F45',
    title: 'A session that the attacker chose (fixation)',
    source: 'ASVS 7.2.4; CVE-2022-25896',
    async run(target) {
      const member = await target.member();
      for (const planted of ['A'.repeat(43), member.actor.token ?? '']) {
        const browser = holder(target, planted);
        await target.signIn(browser, member.email, member.password);
        must(browser.token !== planted, 'The planted value became the session.');
        await mustBeDead(target, planted, 'The planted value');
      }
      const fresh = holder(target, 'B'.repeat(43));
      const { email, challenge } = await target.openSignUp(target.newEmail(), undefined, fresh);
      mustAnswer(
        await fresh.post(`/api/challenges/${challenge}/verify`, {
          code: await target.codeFor(email),
        }),
        200,
        'Verifying an email with a planted cookie',
      );
      must(fresh.token !== 'B'.repeat(43), 'The planted value became the session of a sign-up.');
    },
  },
  {
    id: 'F46',
    title: 'A session that outlives signing out',
    source: 'ASVS 7.4.1, 14.3.1',
    async run(target) {
      const { actor } = await target.member();
      const { token } = actor;
      const replies = await Promise.all([
        actor.post('/api/sign-out'),
        ...(await atOnce(5, async () => holder(target, token))).map((each) =>
          each.post('/api/sign-out'),
        ),
      ]);
      must(
        replies.every(({ status }) => status === 204),
        `Signing out six times at once: ${JSON.stringify(statuses(replies))}`,
      );
      for (const { headers, setCookies } of replies) {
        must(
          String(headers['clear-site-data'] ?? '').includes('"storage"'),
          'Signing out leaves the browser’s storage.',
        );
        must(
          setCookies.some((cookie) => /flowcept=;.*Max-Age=0/.test(cookie)),
          'Signing out leaves the cookie.',
        );
      }
      await mustBeDead(target, token, 'The session after signing out');
      mustAnswer(await target.actor().post('/api/sign-out'), 204, 'Signing out without a session');
      mustAnswer(await target.actor().get('/api/sign-out'), 405, 'Signing out by a GET');
    },
  },
  {
    id: 'F48',
    title: 'Using a session in the second that it is revoked',
    source: 'ASVS 7.4.1, 7.4.2; better-auth 1.6.16 (cookie cache)',
    async run(target) {
      const member = await target.member();
      const others = await atOnce(3, async () => target.actor());
      for (const other of others) await target.signIn(other, member.email, member.password);
      const [one] = others;
      const id = textAt((await one?.get('/api/session'))?.json, 'session', 'id');
      mustAnswer(
        await member.actor.send('DELETE', `/api/sessions/${id}`),
        204,
        'Ending one session',
      );
      await mustBeDead(target, one?.token, 'A session that was ended');
      mustAnswer(await member.actor.send('DELETE', '/api/sessions'), 204, 'Ending all others');
      for (const other of others)
        await mustBeDead(target, other.token, 'One of all other sessions');
      must(
        (await target.whoIs(member.actor)) === member.id,
        'Ending all others ended the caller’s own session.',
      );
    },
  },
  {
    id: 'F49',
    title: 'Ending or seeing another user’s sessions',
    source: 'ASVS 8.2.2; better-auth 1.6.17',
    async run(target) {
      const [victim, attacker] = [await target.member(), await target.member()];
      const id = textAt((await victim.actor.get('/api/session')).json, 'session', 'id');
      for (const path of [
        id,
        victim.actor.token,
        victim.id,
        `${id}%00`,
        `..%2f${id}`,
        '%2e',
        '*',
        '%25',
        '0',
        'undefined',
      ]) {
        const reply = await attacker.actor.send('DELETE', `/api/sessions/${path}`);
        mustAnswer(reply, 404, `Ending the session ${path}`);
      }
      await attacker.actor.send('DELETE', '/api/sessions');
      must((await target.whoIs(victim.actor)) === victim.id, 'The victim is signed out.');
      const { text, json } = await attacker.actor.get('/api/sessions');
      must(
        listAt(json, 'items').length === 1 &&
          !text.includes(id) &&
          !text.includes(attacker.actor.token ?? 'none'),
        `The list shows ${text}`,
      );
    },
  },
  {
    id: 'F51',
    title: 'Cookies and headers full of rubbish',
    source: 'GHSA-xmf8-cvqr-rfgj; CVE-2026-25748',
    async run(target) {
      const { actor } = await target.member();
      const name = cookieOf(target);
      const { token = '' } = actor;
      const unauthenticated = [
        `${name}=%`,
        `${name}=%ff%00`,
        `${name}=`,
        name,
        `=${token}`,
        `${name}="${token}"`,
        `${name}=${'A'.repeat(8_000)}`,
        `${name}=${token}x`,
        `${name}=${token.slice(0, -1)}`,
        `${name}=${token}; ${name}=${'A'.repeat(43)}`,
        `${name}=${'A'.repeat(43)}; ${name}=${token}`,
        `${name.toUpperCase()}=${token}`,
        `x${name}=${token}`,
        `${name}[]=${token}`,
        `${name}={"$ne":""}`,
        `\u00e9=\u00ff; ${name}=\u00ff`,
        ';;;===',
        `${name}=s:${token}.sig`,
      ];
      for (const cookie of unauthenticated) {
        for (const path of ['/api/session', '/', '/security']) {
          const reply = await target
            .actor()
            .get(path, { Cookie: cookie, Authorization: 'Bearer %' });
          must(
            path !== '/api/session' || reply.status === 401,
            `The cookie ${cookie.slice(0, 60)} is signed in: ${reply.status}.`,
          );
        }
        mustAnswer(
          await target.actor().post('/api/sign-out', undefined, { Cookie: cookie }),
          204,
          `Signing out with the cookie ${cookie.slice(0, 60)}`,
        );
      }
      must((await target.whoIs(actor)) !== null, 'A cookie of no session signed a user out.');
    },
  },
  {
    id: 'F53',
    title: 'Re-authentication in one browser, used in another',
    source: 'ASVS 7.5.1, 7.2.4',
    async run(target) {
      const member = await target.member();
      const other = target.actor();
      await target.signIn(other, member.email, member.password);
      const proofOf = async (actor: Actor) =>
        textAt((await actor.get('/api/session')).json, 'session', 'confirmedAt');
      const [before, { token }] = [await proofOf(other), member.actor];
      mustAnswer(
        await member.actor.post('/api/session/confirm', { password: member.password }),
        200,
        'Re-authentication',
      );
      must(
        (await proofOf(other)) === before,
        'Re-authentication of one session counts for another.',
      );
      must(member.actor.token !== token, 'The session keeps its value when it rises.');
      await mustBeDead(target, token, 'The value from before the re-authentication');
    },
  },
  {
    id: 'F54',
    title: 'Answers that a cache keeps, or takes for a file',
    source: 'ASVS 14.2.5; CVE-2026-24472 (web cache deception)',
    async run(target) {
      const { actor, email } = await target.member();
      for (const path of [
        '/api/session',
        '/api/sessions',
        '/api/account/activity',
        '/api/deployment',
        '/api/trust',
        '/api/nothing',
      ]) {
        must(
          (await actor.get(path)).headers['cache-control'] === 'no-store',
          `${path} may be kept by a cache.`,
        );
      }
      must(
        (await actor.get('/', { Accept: 'text/html' })).headers['cache-control'] === 'no-store',
        'The start page, which names who is signed in, may be kept.',
      );
      for (const path of [
        '/api/session.css',
        '/api/session/x.js',
        '/api/session;.png',
        '/api/session%00.css',
        '/api/session%2f.css',
        '/api/session/.css',
        '/api/session%3b.css',
        '/home/x.css',
        '/account;.png',
        '/assets/..%2f..%2fapi%2fsession',
      ]) {
        const reply = await actor.get(path);
        must(
          reply.status === 404 && !reply.text.includes(email),
          `${path} was answered ${reply.status}.`,
        );
      }
    },
  },
  {
    id: 'F55',
    title: 'More sessions than an account may have',
    source: 'ASVS 7.1.2',
    async run(target) {
      const member = await target.member();
      const browsers = await atOnce(24, async () => target.actor());
      const replies = await fewAtATime(browsers, 6, (browser) =>
        target.signIn(browser, member.email, member.password),
      );
      must(
        replies.every(({ status }) => status === 200),
        `Twenty-four sign-ins: ${JSON.stringify(statuses(replies))}`,
      );
      const valid = (await Promise.all(browsers.map((browser) => target.whoIs(browser)))).filter(
        Boolean,
      ).length;
      must(valid === 20, `${valid} of 24 sessions of one account are valid.`);
    },
  },
  {
    id: 'F201',
    title: 'Five proofs of one session at once',
    source: 'our own: a session that splits in two',
    async run(target) {
      const member = await target.member();
      const { token } = member.actor;
      const holders = await atOnce(5, async () => holder(target, token));
      const replies = await Promise.all(
        holders.map((each) => each.post('/api/session/confirm', { password: member.password })),
      );
      must(
        replies.every(({ status }) => status === 200 || status === 401),
        `Five proofs at once: ${JSON.stringify(statuses(replies))}`,
      );
      const values = new Set(holders.map((each) => each.token).filter((value) => value !== token));
      const valid = await Promise.all(
        [...values, token].map((value) => target.whoIs(holder(target, value))),
      );
      must(
        valid.filter(Boolean).length === 1,
        `${valid.filter(Boolean).length} values of one session are valid.`,
      );
    },
  },
  {
    id: 'F202',
    title: 'Signing out and in, changing and ending, all at once',
    source: 'our own: a session that comes back',
    async run(target) {
      const member = await target.member();
      const { token } = member.actor;
      const works = await atOnce(3, async () => holder(target, token));
      const others = works.flatMap((each) => [
        each.post('/api/sign-out'),
        each.send('DELETE', '/api/sessions'),
        each.send('PATCH', '/api/account', { body: { name: 'Ada' } }),
        each.post('/api/session/confirm', { password: member.password }),
        each.get('/api/sessions'),
      ]);
      const replies = await Promise.all(others);
      must(
        replies.every(({ status }) => [200, 204, 401].includes(status)),
        `All at once: ${JSON.stringify(statuses(replies))}`,
      );
      for (const each of works) await each.post('/api/sign-out');
      await mustBeDead(target, token, 'A session that was signed out');
    },
  },
  {
    id: 'F203',
    title: 'A list of sessions that grows without end, or shows too much',
    source: 'ASVS 2.4.1, 15.3.1',
    async run(target) {
      const { actor } = await target.member();
      for (const query of [
        'limit=0',
        'limit=-1',
        'limit=1e9',
        'limit=99999',
        'limit=1;drop',
        'limit=',
        'limit[]=1',
        'after='.padEnd(200, 'x'),
        'limit=%ff',
        'limit=%D9%A3',
      ]) {
        for (const path of ['/api/sessions', '/api/account/activity']) {
          const reply = await actor.get(`${path}?${query}`);
          must(
            reply.status === 422 ||
              (reply.status === 200 && listAt(reply.json, 'items').length <= 100),
            `${path}?${query} was answered ${reply.status}.`,
          );
        }
      }
      for (const item of await sessionsOf(actor))
        must(
          at(item, 'tokenHash') === undefined && at(item, 'accountId') === undefined,
          `A session is shown as ${JSON.stringify(item)}`,
        );
    },
  },
  {
    id: 'F204',
    title: 'A cookie whose name is almost the session cookie’s',
    source:
      'RFC 6265bis §4.1.3, §5.6: a browser keeps the __Host- prefix only for names that begin with it',
    async run(target) {
      const { actor } = await target.member();
      const name = cookieOf(target);
      const { token = '' } = actor;
      // Any site of the domain can set a cookie with such a name. Bytes are written as Latin-1.
      const lookalikes = [
        ...[
          '\u00a0',
          '\u00c2\u00a0',
          '\u0085',
          '\u00ad',
          '\u00e2\u0080\u008b',
          '\u00ef\u00bb\u00bf',
          '+',
          '%20',
          '%A0',
          '.',
          '"',
          "'",
          '=',
        ].map((before) => `${before}${name}=${token}`),
        ...['\u00a0', '\u00c2\u00a0', ' ', '\t', '[]', '[0]', '%00', '"'].map(
          (after) => `${name}${after}=${token}`,
        ),
        ...['\u00a0', '\u00c2\u00a0', '"', '%20'].map((after) => `${name}=${token}${after}`),
        ...['\u00a0', '"', '='].map((before) => `${name}=${before}${token}`),
        ...[
          '__Secure-flowcept',
          '__Http-flowcept',
          '__Host-Http-flowcept',
          '__HOST-flowcept',
          '__host-flowcept',
          '_\u005fHost-Flowcept',
          '__Host-',
          'FLOWCEPT',
          'Flowcept',
          '%66lowcept',
          '__Host%2Dflowcept',
          target.isSecure ? 'flowcept' : '__Host-flowcept',
        ].map((other) => `${other}=${token}`),
        `$Version=1, ${name}=${token}`,
        `a=b, ${name}=${token}`,
        `a=b&${name}=${token}`,
        `a="x\\" ${name}=${token}`,
        `a=${name}=${token}`,
        `${name}:${token}`,
      ];
      for (const cookie of lookalikes) {
        const { status } = await target.actor().get('/api/session', { Cookie: cookie });
        must(
          status === 401,
          `The cookie ${JSON.stringify(cookie.slice(0, 40))} signs in: ${status}.`,
        );
      }
      const planted = 'A'.repeat(43);
      for (const before of ['\u00a0', '\u00c2\u00a0']) {
        const { status } = await target
          .actor()
          .get('/api/session', { Cookie: `${before}${name}=${planted}; ${name}=${token}` });
        must(
          status === 200,
          `The cookie ${JSON.stringify(before)}${name} of another site signs the victim out: ${status}.`,
        );
      }
      for (const cookies of [
        [`${name}=${token}`, `${name}=${planted}`],
        [`${name}=${planted}`, `${name}=${token}`],
      ]) {
        const { status } = await target.actor().get('/api/session', { Cookie: cookies });
        must(
          status === 401,
          `Two Cookie headers, the ${cookies[0]?.includes(token) ? 'second' : 'first'} one planted, sign in: ${status}.`,
        );
      }
      mustAnswer(
        await target
          .actor()
          .get('/api/session', { Cookie: `$Version=1; a=b;\t ${name}=${token} \t; c="d"` }),
        200,
        'The session cookie among others',
      );
    },
  },
  {
    id: 'F206',
    title:
      'Requests that were begun before their session was ended, and sent to their end afterwards',
    source: 'our own: CWE-367; ASVS 7.4.1, 8.3.1',
    async run(target) {
      const member = await target.member();
      const thief = target.actor();
      mustAnswer(await target.signIn(thief, member.email, member.password), 200, 'A sign-in');
      const ways: [string, string, object][] = [
        ['PATCH', '/api/account', { name: 'Late' }],
        [
          'POST',
          '/api/account/password',
          { current: member.password, next: 'a password that comes too late' },
        ],
        ['POST', '/api/account/email', { email: target.newEmail('late') }],
        ['POST', '/api/session/confirm', { password: member.password }],
        ['POST', '/api/factors/totp', {}],
        ['POST', '/api/factors/passkeys/options', {}],
        ['POST', '/api/account/providers/google/connect', {}],
        ['DELETE', '/api/account', {}],
      ];
      const isOut = sleep(1_000).then(async () =>
        mustAnswer(
          await member.actor.send('DELETE', '/api/sessions'),
          204,
          'Ending all other sessions',
        ),
      );
      const replies = await Promise.all(
        ways.map(async ([method, path, body]) => ({
          way: `${method} ${path}`,
          reply: await thief.send(method, path, { body, meanwhile: () => isOut, mayBeBusy: true }),
        })),
      );
      for (const { way, reply } of replies)
        mustAnswer(reply, 401, `${way} whose last byte came after its session was ended`);
      const { json } = await member.actor.get('/api/session');
      must(
        textAt(json, 'user', 'name') === member.name,
        'A session that was ended changed the name.',
      );
      mustAnswer(
        await target.signIn(target.actor(), member.email, member.password),
        200,
        'The password after all that',
      );
    },
  },
  {
    id: 'F205',
    title: 'A device cookie that was copied, or used for another account',
    source:
      'our own: a device cookie that hides its thief from the owner, and has guesses of its own',
    async run(target) {
      const [one, other] = [await target.member(), await target.member()];
      const browser = one.actor;
      const name = `${cookieOf(target)}-device`;
      const deviceCookieOf = (actor: Actor): string => actor.cookies.get(name) ?? 'none';
      const signIn = async ({ email, password }: Member, actor: Actor): Promise<void> =>
        mustAnswer(await target.signIn(actor, email, password), 200, 'A sign-in');
      const told = async ({ email }: Member): Promise<number> =>
        (await target.mailTo(email)).filter(({ text }) => text.includes('/undo#token=')).length;
      const thiefWith = (deviceCookie: string): Actor => {
        const thief = target.actor();
        thief.cookies.set(name, deviceCookie);
        return thief;
      };

      const copied = deviceCookieOf(browser);
      await signIn(one, browser);
      must(
        deviceCookieOf(browser) !== copied,
        'A sign-in leaves the device cookie of the browser as it was.',
      );
      must((await told(one)) === 0, 'A browser that was there before is news.');
      await signIn(one, thiefWith(copied));
      must(
        (await told(one)) === 1,
        'The owner is not told of a sign-in with a copy of a device cookie that was renewed since.',
      );
      await signIn(other, thiefWith(deviceCookieOf(browser)));
      must(
        (await told(other)) === 1,
        'The device cookie of one account makes a browser known to another one.',
      );
      await signIn(one, browser);
      must((await told(one)) === 1, 'The browser lost its device cookie to the thief.');

      await signIn(other, browser);
      for (const member of [one, other, one, other, other, one]) await signIn(member, browser);
      must(
        (await told(one)) === 1 && (await told(other)) === 2,
        'Two accounts of one browser do not both keep their device cookies.',
      );
      const before = deviceCookieOf(browser);
      const tabs = await atOnce(4, async () => thiefWith(before));
      await Promise.all(tabs.map((tab) => signIn(one, tab)));
      must(
        (await told(one)) === 1,
        'One of four sign-ins of one browser at once lost its device cookie.',
      );
      await signIn(one, tabs[0] ?? browser);
      must(
        (await told(one)) === 1,
        'A device cookie from one of four sign-ins at once is not known.',
      );

      const guess = (actor: Actor): Promise<Reply> =>
        target.signIn(actor, one.email, 'not the password of anybody');
      for (let count = 0; count < 10; count += 1) await guess(target.actor());
      mustAnswer(await guess(target.actor()), 429, 'An eleventh guess of strangers');
      for (const deviceCookie of [
        copied,
        before,
        'A'.repeat(43),
        `${'A'.repeat(43)}.${copied}`,
        deviceCookieOf(other.actor),
      ])
        mustAnswer(
          await guess(thiefWith(deviceCookie)),
          429,
          'A guess with a device cookie that is not the account’s',
        );
      mustAnswer(
        await guess(tabs[0] ?? browser),
        401,
        'A mistake of the owner in a browser of theirs',
      );
    },
  },
];
