import type { Actor } from './actor.ts';
import { agree, goThrough, problemOf, providers, setOut } from './at-provider.ts';
import type { Attack } from './attack.ts';
import { codeOf, finish, withApp } from './enrol.ts';
import { listAt, textAt } from './json.ts';
import { atOnce } from './parallel.ts';
import type { Target } from './target.ts';
import { must, mustAnswer } from './verdict.ts';

const scopes = { google: 'openid email profile', github: 'read:user user:email' };
/** The name of the cookie of the only flow that this browser has started. */
const flowCookieOf = (actor: Actor): string =>
  [...actor.cookies.keys()].find((name) => name.includes('flowcept-flow-')) ?? '';

async function mustFail(actor: Actor, back: string, problem: string, what: string): Promise<void> {
  const before = actor.token;
  const reply = await actor.get(back);
  mustAnswer(reply, 303, what);
  must(
    problemOf(reply) === problem && actor.token === before,
    `${what}: the browser was sent to ${reply.headers.location?.slice(0, 80)}`,
  );
}

/** Starts a flow and consents as a new user, without following the callback. */
async function onTheWay(target: Target, provider: string = 'google') {
  const actor = target.actor();
  const email = target.newEmail('there');
  return { actor, email, back: await agree(actor, await setOut(actor, provider), { email }) };
}

async function arrive(target: Target, provider: string, email = target.newEmail('there')) {
  const actor = target.actor();
  const reply = await goThrough(actor, provider, { email });
  must(
    problemOf(reply) === null && actor.token !== undefined,
    `A new user of ${provider} was sent to ${reply.headers.location}`,
  );
  return { actor, email, id: (await target.whoIs(actor)) ?? 'anonymous' };
}

const connected = async (actor: Actor): Promise<number> =>
  listAt((await actor.get('/api/account/providers')).json, 'items').length;

/**
 * H: signing in with Google and GitHub, at the mock providers. Cases that need a dishonest provider
 * are in `not-yet.ts`.
 */
export const oauthAttacks: readonly Attack[] = [
  {
    id: 'H64',
    title: 'A request to a provider that asks for much, or can be foreseen',
    source: 'ASVS 10.1.1, 10.1.2, 10.2.3; RFC 9700 §2.1',
    async run(target) {
      for (const provider of providers) {
        const pages = await atOnce(4, () => setOut(target.actor(), provider));
        for (const { searchParams: query } of pages) {
          must(
            query.get('response_type') === 'code' && query.get('code_challenge_method') === 'S256',
            `${provider} is asked without PKCE.`,
          );
          must(
            query.get('scope') === scopes[provider],
            `${provider} is asked for ${query.get('scope')}.`,
          );
          must(
            query.get('redirect_uri') ===
              `${target.origin.origin}/api/sign-in/${provider}/callback`,
            `${provider} answers to ${query.get('redirect_uri')}.`,
          );
          must(
            [...query.keys()].every((name) => !/secret|verifier/.test(name)),
            `The browser gets ${[...query.keys()].join(', ')}.`,
          );
        }
        for (const name of [
          'state',
          'code_challenge',
          ...(provider === 'google' ? ['nonce'] : []),
        ]) {
          const values = pages.map(({ searchParams }) => searchParams.get(name) ?? '');
          must(
            values.every((value) => /^[\w-]{43}$/.test(value)) &&
              new Set(values).size === values.length,
            `The ${name} of ${provider} is ${values[0]}.`,
          );
        }
      }
    },
  },
  {
    id: 'H65',
    title: 'Coming back with a state that is missing, changed, used or of another provider',
    source: 'ASVS 10.2.1; RFC 9700 §4.7',
    async run(target) {
      const [missing, altered, used, other, bare] = [
        await onTheWay(target),
        await onTheWay(target),
        await onTheWay(target),
        await onTheWay(target),
        await onTheWay(target),
      ];
      await mustFail(
        missing.actor,
        missing.back.replace(/&?state=[^&]*/, ''),
        'expired',
        'A callback without a state',
      );
      await mustFail(
        altered.actor,
        altered.back.replace(/state=./, (start) => (start === 'state=A' ? 'state=B' : 'state=A')),
        'expired',
        'A callback with a changed state',
      );
      await mustFail(
        other.actor,
        other.back.replace('/google/', '/github/'),
        'expired',
        'A callback at the other provider',
      );
      await mustFail(
        other.actor,
        other.back,
        'expired',
        'A state that was tried at the other provider',
      );
      const { actor } = bare;
      actor.cookies.delete(flowCookieOf(actor));
      await mustFail(
        actor,
        bare.back,
        'cookie-missing',
        'A callback without the cookie of its browser',
      );
      must(problemOf(await used.actor.get(used.back)) === null, 'An honest callback was refused.');
      await mustFail(used.actor, used.back, 'expired', 'A state that was used');
    },
  },
  {
    id: 'H66',
    title: 'The attacker’s callback, opened by the victim (login CSRF)',
    source: 'RFC 9700 §4.7.1',
    async run(target) {
      const victim = await target.member();
      const [one, other, third] = [
        await onTheWay(target, 'github'),
        await onTheWay(target, 'github'),
        await onTheWay(target, 'github'),
      ];
      await mustFail(
        target.actor(),
        one.back,
        'cookie-missing',
        'The attacker’s callback in a stranger’s browser',
      );
      await mustFail(
        victim.actor,
        other.back,
        'cookie-missing',
        'The attacker’s callback in the victim’s browser',
      );
      await setOut(victim.actor, 'github');
      await mustFail(
        victim.actor,
        third.back,
        'cookie-missing',
        'The attacker’s callback while the victim is on the way',
      );
      must((await target.whoIs(victim.actor)) === victim.id, 'The victim is another user now.');
    },
  },
  {
    id: 'H67',
    title: 'One callback, ten times at once',
    source: 'ASVS 10.4.2',
    async run(target) {
      const { actor, back } = await onTheWay(target);
      const name = flowCookieOf(actor);
      const cookie = { Cookie: `${name}=${actor.cookies.get(name)}` };
      const rivals = await atOnce(10, async () => target.actor());
      const replies = await Promise.all(rivals.map((each) => each.get(back, cookie)));
      must(
        rivals.filter(({ token }) => token !== undefined).length === 1,
        `One callback began ${rivals.filter(({ token }) => token !== undefined).length} sessions.`,
      );
      must(
        replies.filter((reply) => problemOf(reply) === null).length === 1,
        `One callback was accepted ${replies.filter((reply) => problemOf(reply) === null).length} times.`,
      );
    },
  },
  {
    id: 'H69',
    title: 'An address that the provider has not proved',
    source: 'ASVS 6.8.1; GHSA-g38m-r43w-p2q7',
    async run(target) {
      for (const provider of providers) {
        const [victim, member, actor] = [
          await target.member(),
          await target.member(),
          target.actor(),
        ];
        for (const email of [victim.email, target.newEmail('there')]) {
          must(
            problemOf(await goThrough(actor, provider, { email, verified: false })) ===
              'email-unverified' && actor.token === undefined,
            `${provider} signs in by an address that it has not proved.`,
          );
          must(
            problemOf(
              await goThrough(
                member.actor,
                provider,
                { email, verified: false },
                { purpose: 'connect' },
              ),
            ) === 'email-unverified',
            `${provider} is connected by an address that it has not proved.`,
          );
        }
        must((await connected(member.actor)) === 0, `${provider} was connected.`);
      }
    },
  },
  {
    id: 'H70',
    title: 'Taking over an account by its address at a provider',
    source: 'GHSA-g38m-r43w-p2q7; CVE-2022-31107; CVE-2025-4143',
    async run(target) {
      const victim = await target.member();
      const google = await arrive(target, 'google');
      for (const [provider, email] of [
        ['google', victim.email],
        ['github', victim.email],
        ['github', google.email],
        ['google', victim.email.toUpperCase()],
      ] as const) {
        const thief = target.actor();
        must(
          problemOf(await goThrough(thief, provider, { email })) === 'account-exists' &&
            thief.token === undefined,
          `${provider} opens the account of an address that it knows.`,
        );
      }
      must(
        (await connected(victim.actor)) === 0 && (await connected(google.actor)) === 1,
        'A provider was connected silently.',
      );
      const email = target.newEmail('there');
      const { challenge, actor: thief } = await target.openSignUp(email);
      const code = await target.codeFor(email);
      await arrive(target, 'google', email);
      mustAnswer(
        await thief.post(`/api/challenges/${challenge}/verify`, { code }),
        410,
        'A sign-up that waited for its owner',
      );
      mustAnswer(
        await target.signIn(target.actor(), email, 'quiet rivers carry old maps'),
        401,
        'The password of a sign-up that waited for its owner',
      );
    },
  },
  {
    id: 'H71',
    title: 'An address that moved on, at a provider or here',
    source: 'ASVS 6.8.1, 10.5.2; better-auth 1.6.16',
    async run(target) {
      const first = await arrive(target, 'google');
      const email = target.newEmail('moved');
      const reply = await first.actor.post('/api/account/email', { email });
      mustAnswer(reply, 202, 'Asking for another address');
      mustAnswer(
        await first.actor.post(`/api/challenges/${textAt(reply.json, 'challenge', 'id')}/verify`, {
          code: await target.codeFor(email),
        }),
        200,
        'The code that went there',
      );
      const back = target.actor();
      must(
        problemOf(await goThrough(back, 'google', { email: first.email })) === null &&
          (await target.whoIs(back)) === first.id,
        'Google no longer leads to the same account after its address changed here.',
      );
      const other = await arrive(target, 'github', first.email);
      must(other.id !== first.id, 'The address that was left opens the account that left it.');
      const thief = target.actor();
      must(
        problemOf(await goThrough(thief, 'github', { email })) === 'account-exists' &&
          thief.token === undefined,
        'The new address opens the account at another provider.',
      );
    },
  },
  {
    id: 'H72',
    title:
      'Connecting an identity that is connected elsewhere, and disconnecting the last sign-in method',
    source: 'ASVS 7.5.1',
    async run(target) {
      const [one, other] = [await arrive(target, 'google'), await target.member()];
      must(
        problemOf(
          await goThrough(other.actor, 'google', { email: one.email }, { purpose: 'connect' }),
        ) === 'connected-elsewhere' && (await connected(other.actor)) === 0,
        'One person at Google is connected to two accounts.',
      );
      must(
        problemOf(
          await goThrough(
            one.actor,
            'google',
            { email: target.newEmail('there') },
            { purpose: 'connect' },
          ),
        ) === 'connected-elsewhere',
        'Two people at Google are connected to one account.',
      );
      mustAnswer(
        await one.actor.send('DELETE', '/api/account/providers/google'),
        409,
        'Disconnecting the last way in',
      );
      mustAnswer(
        await other.actor.send('DELETE', '/api/account/providers/google'),
        404,
        'Disconnecting what is not connected',
      );
      mustAnswer(
        await target.actor().send('DELETE', '/api/account/providers/google'),
        401,
        'Disconnecting without a session',
      );
      must(
        (await target.whoIs(one.actor)) === one.id && (await connected(one.actor)) === 1,
        'The last way in is gone.',
      );
    },
  },
  {
    id: 'H73',
    title: 'Being sent away after signing in',
    source: 'ASVS 3.7.2; CVE-2025-4123; CVE-2025-63784',
    async run(target) {
      const { email } = await arrive(target, 'github');
      const away = [
        '//evil.test',
        '/\\evil.test',
        '\\/\\/evil.test',
        'https:evil.test',
        '/\t/evil.test',
        '/..//evil.test',
        '/.//evil.test',
        '/%2e%2e//evil.test',
        'javascript:alert(1)',
        `https://${target.origin.host}@evil.test`,
        `//${target.origin.hostname}.evil.test`,
        '/x\r\nSet-Cookie:evil=1',
        '/api/sign-out',
        '/x/../api/sign-in/google',
        `/${'x'.repeat(3_000)}`,
        // A comparison of strings sees one path, and a router another one.
        '/%61pi/sign-in/google?purpose=connect',
        '/%61%70%69/sign-out',
        '/api%2fsession',
        '/%2561pi/session',
        '/API/session',
        '/home/%2e%2e/api/session',
        '/home%2f..%2fapi%2fsession',
        '/home/..;/api/session',
        '/sandbox/mailbox',
        '/%73andbox/mailbox',
        '/openapi.json',
        '/healthz',
        '/.well-known/jwks.json',
        '/assets/x.js',
        '/home/x',
        '/home/',
        '/no-such-screen',
        '/%',
        '/home%00',
        '/home%0d%0a',
        '/security/claims/..%2f..%2fapi%2fsession',
      ];
      for (const to of away) {
        const { headers, setCookies } = await goThrough(
          target.actor(),
          'github',
          { email },
          { to },
        );
        must(
          headers.location === '/home' && !setCookies.some((cookie) => cookie.startsWith('evil')),
          `“${to.slice(0, 40)}” leads to ${headers.location?.slice(0, 80)}`,
        );
      }
      for (const [to, where] of [
        ['/activity?x=1', '/activity?x=1'],
        ['/account#providers', '/account#providers'],
        ['/%61ctivity', '/activity'],
        ['/home/../security/claims/tls', '/security/claims/tls'],
      ] as const) {
        must(
          (await goThrough(target.actor(), 'github', { email }, { to })).headers.location === where,
          `The path ${to} of ours is refused.`,
        );
      }
    },
  },
  {
    id: 'H74',
    title: 'A callback that brings markup, an error or much text',
    source: 'ASVS 1.2.1',
    async run(target) {
      const markup = encodeURIComponent('<script>alert(1)</script>');
      for (const query of [
        `error=${markup}`,
        `error=access_denied&error_description=${'x'.repeat(5_000)}`,
        `error=${markup}&error_uri=javascript:alert(1)`,
        `code=${markup}`,
        'state=a&state=b',
        `state=${'A'.repeat(43)}&code=%00`,
        'state[]=x',
        '%ff=%ff',
      ]) {
        const actor = target.actor();
        const state = (await setOut(actor, 'google')).searchParams.get('state') ?? '';
        for (const path of [
          `/api/sign-in/google/callback?${query}`,
          `/api/sign-in/google/callback?${query}&state=${state}`,
        ]) {
          const reply = await actor.get(path);
          const where = reply.headers.location ?? '';
          must(
            reply.status === 303 &&
              problemOf(reply) !== null &&
              !/script|javascript|xxx|%00/i.test(where + reply.text),
            `${path.slice(0, 90)} is sent to ${where.slice(0, 90)}`,
          );
        }
        must(actor.token === undefined, `${query.slice(0, 40)} signs in.`);
      }
      for (const path of [
        '/api/sign-in/gitlab',
        '/api/sign-in/gitlab/callback',
        '/api/sign-in/__proto__',
        '/api/sign-in/constructor/callback',
        '/api/sign-in/GOOGLE',
      ])
        mustAnswer(await target.actor().get(path), 404, path);
    },
  },
  {
    id: 'H77',
    title: 'An undocumented sign-in path through a provider',
    source: 'ASVS 6.3.4; RFC 9700 §2.1.2, §2.4',
    async run(target) {
      const { actor, back } = await onTheWay(target);
      const query = back.slice(back.indexOf('?') + 1);
      mustAnswer(
        await actor.post('/api/sign-in/google/callback', query, {
          'Content-Type': 'application/x-www-form-urlencoded',
        }),
        [404, 405],
        'A callback by a form',
      );
      mustAnswer(
        await actor.post('/api/sign-in/google', { email: 'x', password: 'x' }),
        [404, 405],
        'A password for a provider',
      );
      for (const purpose of ['everything', 'connect', 'confirm', 'sign-in'])
        mustAnswer(
          await actor.get(`/api/sign-in/google?purpose=${purpose}`),
          422,
          `Starting to ${purpose} by a GET`,
        );
      for (const tokens of [
        'id_token=x&access_token=y',
        'access_token=y&token_type=bearer',
        'id_token=a.b.c',
      ]) {
        const state = (await setOut(actor, 'google')).searchParams.get('state') ?? '';
        await mustFail(
          actor,
          `/api/sign-in/google/callback?${tokens}&state=${state}`,
          'provider-failed',
          'Tokens in the address',
        );
      }
      must(actor.token === undefined, 'A user is signed in.');
    },
  },
  {
    id: 'H201',
    title: 'A provider connected to the victim’s account by another user',
    source: 'our own: the user who started must be the one who returns; RFC 9700 §4.7.1',
    async run(target) {
      const [victim, attacker] = [await target.member(), await target.member()];
      for (const path of ['/api/account/providers/google/connect', '/api/session/confirm/google']) {
        mustAnswer(await target.actor().post(path), 401, `${path} without a session`);
        for (const site of ['cross-site', 'same-site', 'none'])
          mustAnswer(
            await victim.actor.post(path, undefined, { 'Sec-Fetch-Site': site }),
            403,
            `${path} from ${site}`,
          );
        mustAnswer(await victim.actor.get(path), [404, 405], `${path} by a GET`);
      }
      for (const purpose of ['connect', 'confirm'])
        mustAnswer(
          await victim.actor.get(`/api/sign-in/google?purpose=${purpose}&to=/account`),
          422,
          `A link to ${purpose}, opened from a page of ours`,
        );
      const back = await agree(
        attacker.actor,
        await setOut(attacker.actor, 'google', { purpose: 'connect' }),
        { email: target.newEmail('there') },
      );
      const name = flowCookieOf(attacker.actor);
      victim.actor.cookies.set(name, attacker.actor.cookies.get(name) ?? '');
      await mustFail(
        victim.actor,
        back,
        'signed-out',
        'The attacker’s way to connect, ended in the victim’s session',
      );
      must(
        (await connected(victim.actor)) === 0 && (await connected(attacker.actor)) === 0,
        'A provider was connected.',
      );
      const late = await agree(
        victim.actor,
        await setOut(victim.actor, 'github', { purpose: 'connect' }),
        { email: target.newEmail('there') },
      );
      await victim.actor.post('/api/sign-out');
      await mustFail(victim.actor, late, 'signed-out', 'A way to connect, ended after signing out');
    },
  },
  {
    id: 'H202',
    title: 'A provider as a bypass of the second factor',
    source: 'our own: every way in; ASVS 6.3.4; GHSA-xg6x-h9c9-2m83',
    async run(target) {
      for (const provider of providers) {
        const member = await target.member();
        const email = target.newEmail('there');
        must(
          problemOf(await goThrough(member.actor, provider, { email }, { purpose: 'connect' })) ===
            null,
          `${provider} was not connected.`,
        );
        const { secret } = await withApp(target, member);
        const actor = target.actor();
        const { headers } = await goThrough(actor, provider, { email }, { to: '/activity' });
        const challenge = /^\/sign-in\/second-factor#challenge=([\w-]+)/.exec(
          headers.location ?? '',
        )?.[1];
        must(
          challenge !== undefined &&
            actor.token === undefined &&
            (await target.whoIs(actor)) === null,
          `${provider} signs in without the factor.`,
        );
        mustAnswer(
          await member.actor.post(`/api/session/confirm/${provider}`),
          403,
          `Starting to confirm at ${provider} where there is a factor`,
        );
        mustAnswer(
          await finish(actor, challenge, await codeOf(secret)),
          200,
          'The factor after the provider',
        );
        const late = await goThrough(target.actor(), provider, { email });
        const due = /challenge=([\w-]+)/.exec(late.headers.location ?? '')?.[1] ?? 'none';
        mustAnswer(
          await actor.send('DELETE', `/api/account/providers/${provider}`),
          204,
          `Disconnecting ${provider}`,
        );
        mustAnswer(
          await finish(target.actor(), due, await codeOf(secret, 1)),
          401,
          'Half a sign-in by a provider that was disconnected meanwhile',
        );
      }
    },
  },
  {
    id: 'H203',
    title:
      'A partial sign-in by a disconnected provider identity, completed by the identity that is connected now',
    source: 'our own: who it was is (provider, issuer, subject), to the end; ASVS 6.8.1',
    async run(target) {
      for (const provider of providers) {
        const member = await target.member();
        const [intruder, owner] = [target.newEmail('intruder'), target.newEmail('there')];
        const connect = async (email: string) =>
          must(
            problemOf(
              await goThrough(member.actor, provider, { email }, { purpose: 'connect' }),
            ) === null,
            `${provider} was not connected.`,
          );
        await connect(intruder);
        const { secret } = await withApp(target, member);
        const halfIn = async (email: string) =>
          /challenge=([\w-]+)/.exec(
            (await goThrough(target.actor(), provider, { email })).headers.location ?? '',
          )?.[1] ?? 'none';
        const due = await halfIn(intruder);
        mustAnswer(
          await member.actor.send('DELETE', `/api/account/providers/${provider}`),
          204,
          `Disconnecting ${provider}`,
        );
        await connect(owner);
        const late = target.actor();
        mustAnswer(
          await finish(late, due, await codeOf(secret)),
          [401, 410],
          `A partial sign-in by a user of ${provider} who was disconnected in the meantime`,
        );
        must(
          (await target.whoIs(late)) === null,
          `A user who was disconnected at ${provider} is signed in.`,
        );
        mustAnswer(
          await finish(target.actor(), await halfIn(owner), await codeOf(secret, 1)),
          200,
          `A sign-in by the user who is connected at ${provider} now`,
        );
      }
    },
  },
];
