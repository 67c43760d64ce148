import { setTimeout as sleep } from 'node:timers/promises';
import type { Attack } from './attack.ts';
import { codeOf, finish, half, optionsIn, withApp, withPasskey } from './enrol.ts';
import { at, listAt, textAt } from './json.ts';
import { atOnce, statuses } from './parallel.ts';
import { type Target, wrongCode } from './target.ts';
import { must, mustAnswer } from './verdict.ts';

const newPassword = 'a new password, made by its owner';

/** Completes a second sign-in with this code; returns the answer. */
async function tryAgain(
  target: Target,
  credentials: { email: string; password: string },
  code: string,
  method = 'totp',
) {
  const { actor, challenge } = await half(target, credentials);
  return finish(actor, challenge, code, method);
}

/** E, F, I: the second factor at sign-in. */
export const factorAttacks: readonly Attack[] = [
  {
    id: 'E39',
    title: 'Recovery that skips the second factor',
    source: 'ASVS 6.4.3; GHSA-xg6x-h9c9-2m83',
    async run(target) {
      const member = await withApp(target);
      const challenge = await target.openRecovery(member.email);
      const actor = target.actor();
      mustAnswer(
        await actor.post('/api/recovery/complete', {
          challenge,
          code: await target.codeFor(member.email),
          password: newPassword,
        }),
        200,
        'A recovery',
      );
      must(actor.token === undefined, 'Recovery signs in.');
      const { actor: back, challenge: due } = await half(target, {
        email: member.email,
        password: newPassword,
      });
      mustAnswer(
        await finish(back, due, await codeOf(member.secret)),
        200,
        'The factor of before the recovery',
      );
      must(
        listAt((await back.get('/api/factors')).json, 'items').length === 1,
        'Recovery took the factor away.',
      );
    },
  },
  {
    id: 'F52',
    title: 'Half a sign-in used as a whole one',
    source: 'ASVS 6.3.4; GHSA-xg6x-h9c9-2m83',
    async run(target) {
      const member = await withApp(target);
      const { actor, challenge } = await half(target, member);
      const headers = {
        Cookie: ['flowcept', '__Host-flowcept', 'flowcept-flow-00000000']
          .map((name) => `${name}=${challenge}`)
          .join('; '),
        Authorization: `Bearer ${challenge}`,
      };
      const proof = {
        challenge,
        password: member.password,
        email: member.email,
        token: challenge,
        code: '000000',
      };
      for (const { method, path, takesJson } of await target.routes()) {
        if (path.startsWith('/api/sign-in') || path.startsWith('/api/challenges')) continue;
        const at = path.replaceAll(/\{\w+\}/g, challenge);
        for (const body of takesJson ? [{}, proof] : [undefined]) {
          const bodied = body && { body };
          const [reply, nobodys] = [
            await actor.send(method, at, { ...bodied, headers }),
            await target.actor().send(method, at, bodied),
          ];
          must(
            reply.status === nobodys.status && !reply.text.includes(member.id),
            `${method} ${path} is answered ${reply.status} to a user who is half signed in, and ${nobodys.status} without a session.`,
          );
        }
      }
      must((await target.whoIs(actor)) === null, 'Half a sign-in is a session.');
    },
  },
  {
    id: 'I78',
    title: 'An authenticator app that counts before it was tried, or tells its secret twice',
    source: 'ASVS 7.5.1, 13.3.1',
    async run(target) {
      const member = await target.member();
      const begun = await member.actor.post('/api/factors/totp');
      mustAnswer(begun, 201, 'Beginning an authenticator app');
      const [id, secret] = [textAt(begun.json, 'factor', 'id'), textAt(begun.json, 'secret')];
      must(/^[A-Z2-7]{32,}$/.test(secret), `The secret has ${secret.length} characters.`);
      mustAnswer(
        await target.signIn(target.actor(), member.email, member.password),
        200,
        'Signing in before the app was tried',
      );
      must(
        at((await target.signIn(target.actor(), member.email, member.password)).json, 'user') !==
          undefined,
        'An app that was never tried is asked for, and locks out.',
      );
      must(
        listAt((await member.actor.get('/api/factors')).json, 'items').length === 0,
        'An app that was never tried is a factor.',
      );
      const code = await codeOf(secret, -1);
      mustAnswer(
        await member.actor.post('/api/factors/totp/confirm', { id, code: wrongCode(code) }),
        422,
        'A wrong first code',
      );
      mustAnswer(
        await (await target.member()).actor.post('/api/factors/totp/confirm', { id, code }),
        404,
        'The first code in another user’s session',
      );
      mustAnswer(
        await member.actor.post('/api/factors/totp/confirm', { id, code }),
        200,
        'The first code',
      );
      for (const path of [
        '/api/session',
        '/api/factors',
        '/api/sessions',
        '/api/account/activity',
        '/api/account/export',
      ]) {
        must(!(await member.actor.get(path)).text.includes(secret), `${path} tells the secret.`);
      }
      mustAnswer(
        await member.actor.post('/api/factors/totp/confirm', { id, code: await codeOf(secret) }),
        404,
        'The first code a second time',
      );
      mustAnswer(await tryAgain(target, member, code), 422, 'The enrolment’s code at the door');
    },
  },
  {
    id: 'I79',
    title: 'One code of an app, used again, in parallel and elsewhere',
    source: 'RFC 6238 §5.2; ASVS 6.5.1',
    async run(target) {
      const member = await withApp(target);
      const rivals = await atOnce(8, () => half(target, member));
      const code = await codeOf(member.secret);
      const replies = await Promise.all(
        rivals.map(({ actor, challenge }) => finish(actor, challenge, code)),
      );
      must(
        statuses(replies)[200] === 1,
        `One code, eight times at once: ${JSON.stringify(statuses(replies))}`,
      );
      must(
        rivals.filter(({ actor }) => actor.token !== undefined).length === 1,
        'One code began several sessions.',
      );
      mustAnswer(
        await member.actor.post('/api/session/confirm', { method: 'totp', code }),
        422,
        'A used code as re-authentication',
      );
      mustAnswer(await tryAgain(target, member, code), 422, 'A used code in another sign-in');
    },
  },
  {
    id: 'I80',
    title: 'A code of another time',
    source: 'ASVS 6.5.5, 6.5.8; RFC 6238 §5.2',
    async run(target) {
      const member = await withApp(target);
      const { actor, challenge } = await half(target, member);
      for (const steps of [-2, 2, 3])
        mustAnswer(
          await finish(actor, challenge, await codeOf(member.secret, steps)),
          422,
          `The code of ${steps} steps`,
        );
      const far = await codeOf(member.secret, 20);
      const lied = {
        Date: new Date(Date.now() + 600_000).toUTCString(),
        'X-Time': String(Date.now() + 600_000),
      };
      mustAnswer(
        await actor.post(
          '/api/sign-in/second-factor',
          { challenge, method: 'totp', code: far },
          lied,
        ),
        422,
        'The code of a time that the browser claims',
      );
      mustAnswer(
        await actor.post('/api/sign-in/second-factor', {
          challenge,
          method: 'totp',
          code: far,
          time: Date.now() + 600_000,
        }),
        422,
        'A time beside the code',
      );
      mustAnswer(
        await finish(actor, challenge, await codeOf(member.secret, 1)),
        200,
        'The code of the next step',
      );
      mustAnswer(
        await tryAgain(target, member, await codeOf(member.secret)),
        422,
        'The code of a step before one that was used',
      );
    },
  },
  {
    id: 'I81',
    title: 'Guessing a second factor, by every way that takes one',
    source: 'NIST SP 800-63B-4 §3.2.2; better-auth 1.6.21; CVE-2026-56450',
    async run(target) {
      const member = await withApp(target);
      const { secret } = member;
      const wrong = wrongCode(await codeOf(secret));
      const { actor, challenge } = await half(target, member);
      for (let left = 4; left >= 0; left -= 1) {
        const reply = await finish(actor, challenge, wrong);
        must(
          reply.status === 422 && at(reply.json, 'attemptsLeft') === left,
          `attemptsLeft is ${String(at(reply.json, 'attemptsLeft'))}, not ${left}.`,
        );
      }
      mustAnswer(
        await finish(actor, challenge, await codeOf(secret)),
        410,
        'The right code after five wrong ones',
      );
      const begun = await member.actor.post('/api/factors/totp');
      const first = {
        id: textAt(begun.json, 'factor', 'id'),
        code: wrongCode(await codeOf(textAt(begun.json, 'secret'))),
      };
      const other = await half(target, member);
      const recovery = 'A'.repeat(24);
      mustAnswer(
        await finish(other.actor, other.challenge, recovery, 'recovery-code'),
        422,
        'A wrong recovery code',
      );
      mustAnswer(
        await member.actor.post('/api/session/confirm', { method: 'totp', code: wrong }),
        422,
        'A wrong code as re-authentication',
      );
      mustAnswer(
        await member.actor.post('/api/session/confirm', {
          method: 'recovery-code',
          code: recovery,
        }),
        422,
        'A wrong recovery code as re-authentication',
      );
      mustAnswer(
        await member.actor.post('/api/factors/totp/confirm', first),
        422,
        'A wrong first code of another app',
      );
      mustAnswer(await finish(other.actor, other.challenge, wrong), 422, 'The tenth wrong try');
      const last = await half(target, member);
      mustAnswer(
        await finish(last.actor, last.challenge, await codeOf(secret)),
        429,
        'The right code after ten wrong ones of all kinds',
      );
      mustAnswer(
        await finish(last.actor, last.challenge, member.recoveryCodes[0] ?? '', 'recovery-code'),
        429,
        'A recovery code after ten wrong ones of all kinds',
      );
      mustAnswer(
        await member.actor.post('/api/session/confirm', {
          method: 'totp',
          code: await codeOf(secret),
        }),
        429,
        'Re-authentication after ten failures of all kinds',
      );
    },
  },
  {
    id: 'I82',
    title: 'A challenge for a factor, met more than once',
    source: 'better-auth 1.6.17; ASVS 6.6.2',
    async run(target) {
      const member = await withApp(target);
      const { challenge } = await half(target, member);
      const proofs: [string, string][] = [
        ['totp', await codeOf(member.secret)],
        ['totp', await codeOf(member.secret, 1)],
        ['recovery-code', member.recoveryCodes[0] ?? ''],
        ['recovery-code', member.recoveryCodes[1] ?? ''],
      ];
      const actors = proofs.map(() => target.actor());
      const replies = await Promise.all(
        proofs.map(([method, code], index) =>
          finish(actors[index] ?? target.actor(), challenge, code, method),
        ),
      );
      must(
        statuses(replies)[200] === 1,
        `One challenge, four right answers at once: ${JSON.stringify(statuses(replies))}`,
      );
      mustAnswer(
        await finish(target.actor(), challenge, member.recoveryCodes[2] ?? '', 'recovery-code'),
        410,
        'A challenge that was met',
      );
      const left = at(
        (await actors[replies.findIndex(({ status }) => status === 200)]?.get('/api/factors'))
          ?.json,
        'recoveryCodesLeft',
      );
      must(Number(left) >= 9, `${10 - Number(left)} recovery codes were used up for one session.`);
    },
  },
  {
    id: 'I83',
    title: 'A recovery code used twice, guessed, or after it was replaced',
    source: 'NIST SP 800-63B-4 §4.2.1.1; ASVS 6.5.1, 6.5.2',
    async run(target) {
      const member = await withApp(target);
      const codes = member.recoveryCodes;
      must(
        codes.length === 10 &&
          new Set(codes).size === 10 &&
          codes.every((code) => /^([A-Z2-7]{4}-){5}[A-Z2-7]{4}$/.test(code)),
        `The recovery codes are like ${codes[0]?.replaceAll(/\w/g, 'x')}.`,
      );
      const rivals = await atOnce(5, () => half(target, member));
      const replies = await Promise.all(
        rivals.map(({ actor, challenge }) =>
          finish(actor, challenge, codes[0] ?? '', 'recovery-code'),
        ),
      );
      must(
        statuses(replies)[200] === 1,
        `One recovery code, five times at once: ${JSON.stringify(statuses(replies))}`,
      );
      must(
        (await target.mailTo(member.email)).some(({ subject }) =>
          /recovery code for your account was used/.test(subject),
        ),
        'Its owner was not told.',
      );
      for (const path of ['/api/factors', '/api/session', '/api/account/export']) {
        const { text } = await member.actor.get(path);
        must(!codes.some((code) => text.includes(code)), `${path} tells a recovery code.`);
      }
      mustAnswer(await member.actor.post('/api/factors/recovery-codes'), 201, 'New recovery codes');
      mustAnswer(
        await tryAgain(target, member, codes[1] ?? '', 'recovery-code'),
        422,
        'A recovery code that was replaced',
      );
    },
  },
  {
    id: 'I84',
    title: 'Taking the second factor away without giving it',
    source: 'ASVS 6.3.7, 7.4.3, 7.5.1',
    async run(target) {
      const member = await target.member();
      const intruder = target.actor();
      mustAnswer(
        await target.signIn(intruder, member.email, member.password),
        200,
        'Signing in before there is a factor',
      );
      const { factorId, secret } = await withApp(target, member, { keepOtherSessions: true });
      const ways: [string, string, object?][] = [
        ['DELETE', `/api/factors/${factorId}`],
        ['POST', '/api/factors/totp'],
        ['POST', '/api/factors/passkeys/options', {}],
        ['POST', '/api/factors/recovery-codes'],
        ['POST', '/api/account/email', { email: target.newEmail('new') }],
        ['DELETE', '/api/account'],
        [
          'POST',
          '/api/account/password',
          { current: member.password, next: 'another good long password' },
        ],
      ];
      for (const [method, path, body] of ways) {
        const reply = await intruder.send(method, path, body && { body });
        must(
          reply.status === 403 && textAt(reply.json, 'type') === '/problems/confirmation-required',
          `${method} ${path.replace(factorId, '{id}')} by a browser that never gave the factor: answered ${reply.status}, not 403.`,
        );
      }
      mustAnswer(
        await intruder.post('/api/session/confirm', { password: member.password }),
        403,
        'A password as re-authentication where there is a factor',
      );
      mustAnswer(
        await (await target.member()).actor.send('DELETE', `/api/factors/${factorId}`),
        404,
        'Removing another user’s factor',
      );
      mustAnswer(
        await intruder.post('/api/session/confirm', { method: 'totp', code: await codeOf(secret) }),
        200,
        'The factor as re-authentication',
      );
      mustAnswer(
        await intruder.send('DELETE', `/api/factors/${factorId}`),
        204,
        'Removing a factor after it was given',
      );
      must(
        (await target.mailTo(member.email)).some(({ subject }) =>
          /was removed from your account/.test(subject),
        ),
        'Its owner was not told.',
      );
    },
  },
  {
    id: 'I89',
    title: 'A factor of the intruder’s own to meet the challenge with',
    source: 'mymate #42; laravel-webauthn #314',
    async run(target) {
      const member = await withPasskey(target);
      const { actor, challenge } = await half(target, member);
      const headers = {
        Cookie: `${target.isSecure ? '__Host-flowcept' : 'flowcept'}=${challenge}`,
      };
      for (const [path, body] of [
        ['/api/factors/totp'],
        ['/api/factors/passkeys/options', {}],
        ['/api/factors/recovery-codes'],
        ['/api/session/confirm', { password: member.password }],
        ['/api/session/confirm/passkey/options', {}],
      ] as const) {
        for (const sent of [{}, headers])
          mustAnswer(
            await actor.post(path, body, sent),
            401,
            `${path} by a user who is half signed in`,
          );
      }
      const own = await withApp(target);
      mustAnswer(
        await finish(actor, challenge, await codeOf(own.secret)),
        422,
        'A code of the intruder’s own app',
      );
      mustAnswer(
        await finish(actor, challenge, own.recoveryCodes[0] ?? '', 'recovery-code'),
        422,
        'A recovery code of the intruder’s own',
      );
      const reply = await actor.post('/api/sign-in/second-factor/passkey/options', { challenge });
      must(
        optionsIn(reply).challenge.length >= 22,
        'A passkey’s challenge has less than 128 bits.',
      );
    },
  },
  {
    id: 'I201',
    title: 'A way in that forgets the second factor',
    source: 'our own: every way in that there is; ASVS 6.3.4',
    async run(target) {
      const member = await withApp(target);
      await half(target, member);
      const stay = await target
        .actor()
        .post('/api/sign-in', { email: member.email, password: member.password, stay: true });
      must(
        at(stay.json, 'challenge') !== undefined && stay.setCookies.length === 0,
        'A sign-in that is to stay skips the factor.',
      );
      const known = target.actor();
      for (const [name, value] of member.actor.cookies)
        if (name.endsWith('-device')) known.cookies.set(name, value);
      await half(target, member, known);
      const again = await target
        .actor()
        .post('/api/sign-up', { email: member.email, password: newPassword, name: 'Ada' });
      const code = await target.codeFor(member.email);
      mustAnswer(
        await target
          .actor()
          .post(`/api/challenges/${textAt(again.json, 'challenge', 'id')}/verify`, { code }),
        422,
        'A sign-up of the same address',
      );
      mustAnswer(await member.actor.send('DELETE', '/api/account'), 202, 'Closing the account');
      const { actor, challenge } = await half(target, member);
      const closing = await finish(actor, challenge, await codeOf(member.secret));
      mustAnswer(closing, 403, 'Signing in to an account that is being closed');
      mustAnswer(
        await actor.post('/api/account/reopen', { token: textAt(closing.json, 'reopen') }),
        200,
        'Opening it again',
      );
      must(actor.token === undefined, 'Opening an account again signs in.');
      await half(target, member);
    },
  },
  {
    id: 'I204',
    title: 'A password that is still being compared when the first second factor is added',
    source: 'our own: CWE-367; ASVS 7.5.3',
    async run(target) {
      const member = await target.member();
      // Hashes wait for one another, so some are still being compared when the factor is added.
      const intruders = await atOnce(5, () => Promise.resolve(target.actor()));
      for (const intruder of intruders)
        mustAnswer(
          await target.signIn(intruder, member.email, member.password),
          200,
          'Signing in before there is a factor',
        );
      const { json } = await member.actor.post('/api/factors/totp');
      const id = textAt(json, 'factor', 'id');
      const first = { id, code: await codeOf(textAt(json, 'secret'), -1), keepOtherSessions: true };
      const confirming = intruders.map((intruder) =>
        intruder.send('POST', '/api/session/confirm', {
          body: { password: member.password },
          mayBeBusy: true,
        }),
      );
      mustAnswer(
        (
          await Promise.all([
            sleep(60).then(() => member.actor.post('/api/factors/totp/confirm', first)),
            ...confirming,
          ])
        )[0],
        200,
        'The first code of an authenticator app',
      );
      for (const intruder of intruders) {
        mustAnswer(
          await intruder.get('/api/session/confirm'),
          403,
          'Whether a password counts that was sent before there was a factor',
        );
        mustAnswer(
          await intruder.send('DELETE', `/api/factors/${id}`),
          403,
          'Removing the factor by a password that was sent before there was one',
        );
      }
      must(
        listAt((await member.actor.get('/api/factors')).json, 'items').length === 1,
        'The factor is gone.',
      );
    },
  },
  {
    id: 'I205',
    title: 'A change of the password in place of the second factor',
    source: 'ASVS 7.5.1, 7.5.3; docs/decisions/015',
    async run(target) {
      const member = await target.member();
      const intruder = target.actor();
      mustAnswer(
        await target.signIn(intruder, member.email, member.password),
        200,
        'Signing in before there is a factor',
      );
      const { actor } = await withApp(target, member, { keepOtherSessions: true });
      const change = { current: member.password, next: newPassword };
      mustAnswer(
        await intruder.post('/api/account/password', change),
        403,
        'Another password by a browser that never gave the factor',
      );
      const before = at((await actor.get('/api/session')).json, 'session', 'confirmedAt');
      const { token } = actor;
      mustAnswer(
        await actor.post('/api/account/password', change),
        200,
        'Another password by its owner',
      );
      must(
        actor.token !== token && (await target.whoIs(actor)) === member.id,
        'The session does not continue under another token.',
      );
      must(
        at((await actor.get('/api/session')).json, 'session', 'confirmedAt') === before,
        'Another password renews the confirmation of a session.',
      );
    },
  },
  {
    id: 'I206',
    title: 'Staying in an account that was just given a second factor',
    source: 'ASVS 7.4.3',
    async run(target) {
      for (const enrol of [withApp, withPasskey]) {
        const member = await target.member();
        const intruder = target.actor();
        mustAnswer(
          await target.signIn(intruder, member.email, member.password),
          200,
          'Signing in before there is a factor',
        );
        await enrol(target, member);
        must(
          (await target.whoIs(intruder)) === null,
          'A session from before there was a factor lives on, though no user asked to keep it.',
        );
        must(
          (await target.whoIs(member.actor)) === member.id,
          'The session in which the factor was added is over.',
        );
        await half(target, member);
      }
    },
  },
  {
    id: 'I203',
    title: 'Opening a closing account again without its second factor',
    source:
      'our own: the offer to open it again is an answer to a sign-in like any other; ASVS 6.3.3',
    async run(target) {
      const member = await withApp(target);
      mustAnswer(await member.actor.send('DELETE', '/api/account'), 202, 'Closing the account');
      const { actor, challenge } = await half(target, member);
      const wrong: [string, string][] = [
        ['recovery-code', 'A'.repeat(24)],
        ['totp', wrongCode(await codeOf(member.secret))],
        ['totp', await codeOf(member.secret, -1)],
      ];
      for (const [method, code] of wrong)
        mustAnswer(
          await finish(actor, challenge, code, method),
          422,
          `The password and a wrong second factor (${method}) of an account that is being closed`,
        );
      const [code = ''] = member.recoveryCodes;
      const rivals = await atOnce(4, () => half(target, member));
      const replies = await Promise.all(
        rivals.map(({ actor: rival, challenge: due }) => finish(rival, due, code, 'recovery-code')),
      );
      must(
        statuses(replies)[403] === 1 && statuses(replies)[422] === 3,
        `One recovery code of an account that is being closed, four times at once: ${JSON.stringify(statuses(replies))}`,
      );
      const offer = replies.find(({ status }) => status === 403);
      mustAnswer(
        await target.actor().post('/api/account/reopen', { token: textAt(offer?.json, 'reopen') }),
        200,
        'Opening it again',
      );
    },
  },
];
