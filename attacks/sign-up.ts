import type { Attack } from './attack.ts';
import { useUpCodeMail } from './code-mail.ts';
import { textAt } from './json.ts';
import { atOnce, fewAtATime, statuses } from './parallel.ts';
import { codeIn, goodPassword, wrongCode } from './target.ts';
import { mustLookAlike } from './uniform.ts';
import { must, mustAnswer } from './verdict.ts';

/** A: sign-up and ownership of addresses. */
export const signUpAttacks: readonly Attack[] = [
  {
    id: 'A1',
    title: 'Getting in before the address is proved',
    source: 'ASVS 2.3.1',
    async run(target) {
      const { actor, email, challenge } = await target.openSignUp();
      const early = await target.signIn(actor, email, goodPassword);
      mustAnswer(early, 403, 'Signing in before the address was proved');
      must(actor.token === undefined, 'A session cookie was set before the address was proved.');
      for (const guess of [challenge.padEnd(43, 'A'), challenge]) {
        const headers = {
          Cookie: `flowcept=${guess}; __Host-flowcept=${guess}`,
          Authorization: `Bearer ${guess}`,
        };
        for (const path of ['/api/session', '/api/sessions', '/api/account/activity'])
          mustAnswer(await actor.get(path, headers), 401, `${path} with the challenge’s id`);
      }
      for (const code of [wrongCode(await target.codeFor(email)), '']) {
        const reply = await actor.post(`/api/challenges/${challenge}/verify`, { code });
        must(reply.status !== 200 && actor.token === undefined, `The code “${code}” was accepted.`);
      }
    },
  },
  {
    id: 'A2',
    title: 'Signing up with an address that has an account',
    source: 'ASVS 6.3.8; better-auth #8839',
    async run(target) {
      const victim = await target.member();
      const attacker = target.actor();
      const known = await target.signUp(attacker, victim.email, 'another horse of mine entirely');
      const fresh = await target.signUp(
        target.actor(),
        target.newEmail(),
        'another horse of mine entirely',
      );
      mustLookAlike(known, fresh, 'Sign-up of a known and a new address');
      const [newest] = await target.mailTo(victim.email);
      must(
        newest !== undefined &&
          codeIn(newest) === null &&
          /already have an account/.test(newest.subject),
        'The owner was not told, or got a code.',
      );
      must(
        (await target.signIn(attacker, victim.email, 'another horse of mine entirely')).status !==
          200,
        'The second password signs in.',
      );
      mustAnswer(
        await target.signIn(target.actor(), victim.email, victim.password),
        200,
        'The owner’s own password',
      );
    },
  },
  {
    id: 'A3',
    title: 'A sign-up waiting in the address before its owner comes (pre-hijack)',
    source: 'Microsoft 2022, “Pre-hijacked accounts”; better-auth #8839',
    async run(target) {
      const email = target.newEmail();
      const trojan = await target.openSignUp(email, 'the trojan horse of an attacker');
      const victim = await target.member({ email, password: 'the owner of this address here' });
      mustAnswer(
        await trojan.actor.post(`/api/challenges/${trojan.challenge}/verify`, { code: '123456' }),
        410,
        'The earlier sign-up’s challenge',
      );
      mustAnswer(
        await trojan.actor.post(`/api/challenges/${trojan.challenge}/resend`),
        410,
        'Another code for the earlier sign-up',
      );
      mustAnswer(
        await target.signIn(trojan.actor, email, 'the trojan horse of an attacker'),
        401,
        'The earlier sign-up’s password',
      );
      must((await target.whoIs(victim.actor)) === victim.id, 'The owner is not signed in.');
    },
  },
  {
    id: 'A4',
    title: 'Two accounts for one address by its spelling, or one for two',
    source: 'ASVS 1.1.1',
    async run(target) {
      const email = target.newEmail('dots.and');
      const victim = await target.member({ email });
      for (const spelling of [
        email.toUpperCase(),
        ` ${email} `,
        email.replace('example', 'ｅxample'),
        email.replace('drill', 'DRILL'),
      ]) {
        const { challenge } = await target.openSignUp(spelling);
        mustAnswer(
          await target.actor().post(`/api/challenges/${challenge}/verify`, { code: '000000' }),
          [422],
          `A code for ${spelling}`,
        );
        mustAnswer(
          await target.signIn(target.actor(), spelling, victim.password),
          200,
          `The owner’s password under ${spelling}`,
        );
      }
      for (const other of [email.replace('dots.and', 'dotsand'), email.replace('@', '+x@')]) {
        must(
          (await target.signIn(target.actor(), other, victim.password)).status === 401,
          `${other} is the same account as ${email}.`,
        );
      }
      // In lower case the Kelvin sign is a k: a different address, and an invalid one.
      mustAnswer(
        await target.signUp(target.actor(), target.newEmail('\u212aelvin')),
        422,
        'A sign-up with the Kelvin sign for a k',
      );
    },
  },
  {
    id: 'A5',
    title: 'A domain that looks like another one',
    source: 'OWASP Input Validation; RFC 5891',
    async run(target) {
      const latin = target.newEmail().replace('example', 'apple');
      const cyrillic = latin.replace('apple', 'аpple');
      await target.member({ email: latin });
      const reply = await target.signUp(target.actor(), cyrillic);
      mustAnswer(reply, 202, 'A sign-up of an international domain');
      const shown = textAt(reply.json, 'challenge', 'sentTo');
      must(shown.includes('xn--') && !shown.includes('а'), `It is shown as ${shown}.`);
      must(
        (await target.mailTo(shown)).some((mail) => codeIn(mail) !== null),
        'It was taken for the Latin domain’s account.',
      );
    },
  },
  {
    id: 'A6',
    title: 'Two recipients in one address',
    source: 'CVE-2022-35924',
    async run(target) {
      const victim = target.newEmail();
      const evil = target.newEmail('evil');
      const shapes: unknown[] = [
        `${evil},${victim}`,
        `${evil};${victim}`,
        `${evil} ${victim}`,
        `<${evil}>,<${victim}>`,
        `"x" <${evil}>`,
        `${evil}\u0000${victim}`,
        [victim, evil],
        { 0: victim },
        `${victim}@`,
        `${evil}%0a${victim}`,
      ];
      for (const path of ['/api/sign-up', '/api/recovery', '/api/sign-in']) {
        for (const email of shapes) {
          const body =
            path === '/api/recovery'
              ? { email }
              : {
                  email,
                  password: goodPassword,
                  ...(path === '/api/sign-up' ? { name: 'Ada' } : {}),
                };
          mustAnswer(
            await target.actor().post(path, body),
            422,
            `${path} with ${JSON.stringify(email)}`,
          );
        }
      }
      for (const email of [victim, evil])
        must((await target.mailTo(email)).length === 0, `${email} got mail.`);
    },
  },
  {
    id: 'A7',
    title: 'Line breaks in an address or a name',
    source: 'ASVS 1.3.11',
    async run(target) {
      const actor = target.actor();
      for (const bad of [
        '\r\nBcc: evil@drill.example.org',
        '\nSubject: x',
        '\u0000',
        '\u2028',
        '\u0085',
        '\u001b[31m',
      ]) {
        const email = target.newEmail();
        mustAnswer(
          await actor.post('/api/recovery', { email: email.replace('@', `${bad}@`) }),
          422,
          `An address with ${JSON.stringify(bad)}`,
        );
        mustAnswer(
          await actor.post('/api/recovery', { email: `${email}${bad}x` }),
          422,
          `An address that ends in ${JSON.stringify(bad)}`,
        );
        mustAnswer(
          await target
            .actor()
            .post('/api/sign-up', { email, password: goodPassword, name: `Ada${bad}Evil` }),
          422,
          `A name with ${JSON.stringify(bad)}`,
        );
      }
    },
  },
  {
    id: 'A8',
    title: 'Addresses that an address parser chokes on',
    source: 'CVE-2025-14874; ASVS 1.3.12',
    alone: true,
    async run(target) {
      const bombs = [
        '('.repeat(10_000),
        `${'a.'.repeat(5_000)}@x`,
        `a@${'b.'.repeat(5_000)}`,
        `${':'.repeat(10_000)}@x.org`,
        `"${'\\"'.repeat(5_000)}@x.org`,
        `a@${'xn--'.repeat(2_000)}.org`,
      ];
      for (const email of bombs) {
        const replies = await atOnce(5, () => target.actor().post('/api/recovery', { email }));
        must(
          replies.every(({ status }) => status === 422),
          `${email.slice(0, 20)}…: ${JSON.stringify(statuses(replies))}`,
        );
        const slowest = Math.max(...replies.map(({ milliseconds }) => milliseconds));
        must(slowest < 1_000, `${email.slice(0, 20)}… took ${slowest.toFixed(0)} ms.`);
      }
    },
  },
  {
    id: 'A9',
    title: 'Unexpected fields',
    source: 'ASVS 15.3.3',
    async run(target) {
      const email = target.newEmail();
      const body = { email, password: goodPassword, name: 'Ada' };
      for (const extra of [
        'role',
        'isAdmin',
        'operator',
        'emailVerified',
        'teamId',
        '_id',
        'id',
        'createdAt',
        '$set',
        'passwordHash',
        'constructor',
      ]) {
        mustAnswer(
          await target.actor().post('/api/sign-up', { ...body, [extra]: true }),
          422,
          `A sign-up with ${extra}`,
        );
      }
      const member = await target.member({ email });
      for (const extra of ['operator', 'email', 'id', '$set']) {
        mustAnswer(
          await member.actor.send('PATCH', '/api/account', {
            body: { name: 'Eve', [extra]: true },
          }),
          422,
          `A new name with ${extra}`,
        );
      }
      const { text } = await member.actor.get('/api/session');
      must(
        text.includes('"operator":false') && !text.includes('Eve'),
        `The account is not what it should be: ${text}`,
      );
    },
  },
  {
    id: 'A201',
    title: 'One code, redeemed ten times at once',
    source: 'better-auth 1.6.17; ASVS 2.3.4',
    async run(target) {
      const { email, challenge } = await target.openSignUp();
      const code = await target.codeFor(email);
      const actors = await atOnce(10, async () => target.actor());
      const replies = await Promise.all(
        actors.map((actor) => actor.post(`/api/challenges/${challenge}/verify`, { code })),
      );
      const counts = statuses(replies);
      must(
        counts[200] === 1,
        `One code was redeemed ${counts[200] ?? 0} times: ${JSON.stringify(counts)}`,
      );
      const inside = await Promise.all(actors.map((actor) => target.whoIs(actor)));
      must(inside.filter(Boolean).length === 1, 'More than one browser is signed in.');
    },
  },
  {
    id: 'A202',
    title: 'Two sign-ups of one address, proved at the same instant',
    source: 'ASVS 2.3.4',
    async run(target) {
      const email = target.newEmail();
      const proofs = [];
      for (const password of ['the password of the first one', 'the password of the second one']) {
        const { actor, challenge } = await target.openSignUp(email, password);
        proofs.push({ actor, challenge, password, code: await target.codeFor(email) });
      }
      const replies = await Promise.all(
        proofs.map(({ actor, challenge, code }) =>
          actor.post(`/api/challenges/${challenge}/verify`, { code }),
        ),
      );
      must(
        replies.filter(({ status }) => status === 200).length === 1,
        `Proved at once: ${JSON.stringify(statuses(replies))}`,
      );
      const works = await Promise.all(
        proofs.map(
          async ({ password }) => (await target.signIn(target.actor(), email, password)).status,
        ),
      );
      must(
        works.filter((status) => status === 200).length === 1,
        `The passwords of both sign-ups: ${works.join(' and ')}.`,
      );
    },
  },
  {
    id: 'A203',
    title: 'A name that reads as something else, or shows nothing',
    source: 'CVE-2021-42574 (Trojan Source); ASVS 1.3.11',
    async run(target) {
      const member = await target.member();
      const names = [
        'Ada\u202eecalevoL',
        '\u200b\u200b',
        'Ada\u2066x',
        '\ufeffAda\ufeff\ufeff',
        '   ',
        'A\u0000',
        '\u001b[2J',
        'a'.repeat(101),
        '\ud800',
        '\u3164',
        '\u2800',
        '\u00ad',
        '\u200d\u200c',
      ];
      for (const name of names) {
        const reply = await member.actor.send('PATCH', '/api/account', { body: { name } });
        const trimmed = name.replaceAll('\ufeff', '').trim();
        must(
          reply.status === 422 || (trimmed === 'Ada' && reply.text.includes('"Ada"')),
          `The name ${JSON.stringify(name)} was taken: ${reply.status}.`,
        );
      }
    },
  },
  {
    id: 'A204',
    title: 'Becoming the operator without the terminal',
    source: 'ASVS 8.2.1; CVE-2024-27198 (set-up endpoints)',
    async run(target) {
      const victim = await target.member();
      const body = { password: goodPassword, name: 'Eve', token: 'A'.repeat(43) };
      for (const token of ['', 'A'.repeat(43), 'null', '0']) {
        mustAnswer(
          await target
            .actor()
            .post('/api/operators/claim', { ...body, email: target.newEmail(), token }),
          410,
          `The claim “${token}”`,
        );
      }
      const known = await target
        .actor()
        .post('/api/operators/claim', { ...body, email: victim.email });
      const unknown = await target
        .actor()
        .post('/api/operators/claim', { ...body, email: target.newEmail() });
      mustLookAlike(
        known,
        unknown,
        'A claim with no right token, for a known and an unknown address',
      );
      for (const token of [null, ['x'], { $ne: '' }])
        mustAnswer(
          await target
            .actor()
            .post('/api/operators/claim', { ...body, email: target.newEmail(), token }),
          422,
          'A claim that is no text',
        );
      for (const path of ['/api/trust/run', '/security/run']) {
        mustAnswer(await victim.actor.post(path), 403, `${path} by a user who is not an operator`);
        mustAnswer(
          await target.actor().post(path, undefined, { Authorization: 'Bearer undefined' }),
          401,
          `${path} with a made-up bearer`,
        );
      }
    },
  },
  {
    id: 'A205',
    title: 'Using up the codes of an address before its owner comes',
    source: 'our own: the other side of a limit on mail',
    async run(target) {
      const email = target.newEmail();
      await useUpCodeMail(target, email, target.nextAddress());
      const owner = await target.openSignUp(email, 'the owner of this address here');
      mustAnswer(
        await owner.actor.post(`/api/challenges/${owner.challenge}/verify`, {
          code: await target.codeFor(email),
        }),
        200,
        'The owner’s code, after a stranger used up all they could',
      );
    },
  },
  {
    id: 'A206',
    title: 'Pushing out the sign-up that its owner has open',
    source: 'our own: five sign-ups of an address stand side by side',
    async run(target) {
      const { actor, email, challenge } = await target.openSignUp();
      const code = await target.codeFor(email);
      const stranger = target.nextAddress();
      const replies = await fewAtATime([1, 2, 3, 4, 5, 6, 7], 1, () =>
        target.signUp(target.actor(stranger), email, 'the sign-up of the attacker'),
      );
      must(
        replies.some(({ status }) => status === 429),
        `Seven sign-ups of one address from one network: ${JSON.stringify(statuses(replies))}`,
      );
      mustAnswer(
        await actor.post(`/api/challenges/${challenge}/verify`, { code }),
        200,
        'The code of the sign-up that was there first',
      );
    },
  },
  {
    id: 'A207',
    title: 'An account under the domain of the checks',
    source: 'our own: what the checks make is left out of lists, rules and counts',
    async run(target) {
      const { actor } = await target.member();
      for (const domain of [
        'canary.invalid',
        'x.canary.invalid',
        'X.CANARY.INVALID',
        'ｃａｎａｒｙ.invalid',
        'runs.canary.invalid',
        'test-instance.canary.invalid',
      ]) {
        const email = `a@${domain}`;
        mustAnswer(await target.signUp(target.actor(), email), 422, `Signing up as ${email}`);
        mustAnswer(await actor.post('/api/account/email', { email }), 422, `Moving to ${email}`);
      }
    },
  },
];
