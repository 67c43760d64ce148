import type { Reply } from './actor.ts';
import type { Attack } from './attack.ts';
import { at, listAt, textAt } from './json.ts';
import { atOnce, statuses } from './parallel.ts';
import { codeIn, goodPassword, type Member, type Target, wrongCode } from './target.ts';
import { mustLookAlike } from './uniform.ts';
import { must, mustAnswer } from './verdict.ts';

const next = 'a new password, made by its owner';
const ask = ({ actor }: Pick<Member, 'actor'>, email: string): Promise<Reply> =>
  actor.post('/api/account/email', { email });
const verify = (
  { actor }: Pick<Member, 'actor'>,
  challenge: string,
  code: string,
): Promise<Reply> => actor.post(`/api/challenges/${challenge}/verify`, { code });

/** Requests another email address; returns the id of the challenge. */
async function asking(member: Member, email: string): Promise<string> {
  const reply = await ask(member, email);
  mustAnswer(reply, 202, 'Asking for another address');
  return textAt(reply.json, 'challenge', 'id');
}

async function move(target: Target, member: Member, email: string): Promise<void> {
  const challenge = await asking(member, email);
  mustAnswer(
    await verify(member, challenge, await target.codeFor(email)),
    200,
    'The code that went to the new address',
  );
}

/** The token that restores an account that is scheduled for deletion. */
async function offerOf(target: Target, { email, password }: Member): Promise<string> {
  const reply = await target.signIn(target.actor(), email, password);
  mustAnswer(reply, 403, 'Signing in to an account that is being closed');
  must(
    textAt(reply.json, 'type') === '/problems/account-closing',
    `An account that is being closed answers ${reply.text.slice(0, 100)}`,
  );
  return textAt(reply.json, 'reopen');
}

/** A, D, E, F, L: what users can do with their account, attempted by another user. */
export const ownAccountAttacks: readonly Attack[] = [
  {
    id: 'A10',
    title: 'Another user’s account, changed to the attacker’s email address',
    source: 'ASVS 6.3.7, 7.5.1',
    async run(target) {
      const [member, stranger] = [await target.member(), await target.member()];
      const email = target.newEmail('new');
      mustAnswer(
        await target.actor().post('/api/account/email', { email }),
        401,
        'Asking for another address without a session',
      );
      const challenge = await asking(member, email);
      must(
        (await target.mailTo(member.email)).every(
          (mail) => codeIn(mail) === null || !/new email address/.test(mail.subject),
        ),
        'The code went to the old address.',
      );
      const code = await target.codeFor(email);
      mustAnswer(
        await target.signIn(target.actor(), email, member.password),
        401,
        'Signing in by an address before its code was typed',
      );
      mustAnswer(
        await target.actor().post(`/api/challenges/${challenge}/verify`, { code }),
        401,
        'The code without a session',
      );
      mustAnswer(
        await verify(stranger, challenge, code),
        404,
        'The code in another user’s session',
      );
      mustAnswer(await verify(member, challenge, wrongCode(code)), 422, 'A wrong code');
      const replies = await atOnce(5, () => verify(member, challenge, code));
      must(
        statuses(replies)[200] === 1,
        `One code, five times at once: ${JSON.stringify(statuses(replies))}`,
      );
      mustAnswer(
        await target.signIn(target.actor(), member.email, member.password),
        401,
        'Signing in by the address of before',
      );
      mustAnswer(
        await target.signIn(target.actor(), email, member.password),
        200,
        'Signing in by the new address',
      );
      const notice = (await target.mailTo(member.email)).find(({ subject }) =>
        /address for your account was changed/.test(subject),
      );
      must(notice !== undefined, 'The address of before was not told.');
      const token = /\/undo#token=([\w-]+)/.exec(notice.text)?.[1];
      mustAnswer(
        await target.actor().post('/api/account/undo', { token }),
        200,
        'The undo of the address of before',
      );
      must(
        (await target.whoIs(member.actor)) === null,
        'The attacker who changed the email is still signed in after the undo.',
      );
      mustAnswer(
        await target.signIn(target.actor(), email, member.password),
        401,
        'The password after the move was undone',
      );
      await target.openRecovery(member.email);
      must(
        (await target.mailTo(member.email)).some((mail) => codeIn(mail) !== null),
        'The account did not come back to the address of before.',
      );
    },
  },
  {
    id: 'D204',
    title: 'Asking to move to an address tells whether it has an account',
    source:
      'our own: a second account of the attacker’s looks at the challenge of the first; ASVS 6.3.8',
    async run(target) {
      const [attacker, second, victim] = [
        await target.member(),
        await target.member(),
        await target.member(),
      ];
      const unknown = target.newEmail('unknown');
      const [known, free] = [await ask(attacker, victim.email), await ask(attacker, unknown)];
      mustLookAlike(known, free, 'Asking to move to a known and an unknown address');
      const [show, real] = [
        textAt(known.json, 'challenge', 'id'),
        textAt(free.json, 'challenge', 'id'),
      ];
      const wrong = wrongCode(await target.codeFor(unknown));
      const looks: Record<string, (challenge: string) => Promise<Reply>> = {
        'the attacker’s other account': (challenge) => verify(second, challenge, wrong),
        'an anonymous caller': (challenge) =>
          target.actor().post(`/api/challenges/${challenge}/verify`, { code: wrong }),
        'the caller': (challenge) => verify(attacker, challenge, wrong),
        'the caller, again': (challenge) => verify(attacker, challenge, wrong),
        'who resends': (challenge) => second.actor.post(`/api/challenges/${challenge}/resend`),
      };
      for (const [role, look] of Object.entries(looks))
        mustLookAlike(await look(show), await look(real), `A guess by ${role}`);
    },
  },
  {
    id: 'E41',
    title: 'A code that went to an address which the account has left',
    source: 'ASVS 6.4.1',
    async run(target) {
      const member = await target.member();
      const challenge = await target.openRecovery(member.email);
      const code = await target.codeFor(member.email);
      const email = target.newEmail('new');
      await move(target, member, email);
      const stranger = target.actor();
      mustAnswer(
        await stranger.post('/api/recovery/complete', { challenge, code, password: next }),
        410,
        'A recovery that was begun at the address of before',
      );
      const late = await target.openRecovery(member.email);
      must(
        (await target.mailTo(member.email)).filter((mail) => codeIn(mail) !== null).length === 2,
        'The address of before got another code.',
      );
      mustAnswer(
        await stranger.post('/api/recovery/complete', { challenge: late, code, password: next }),
        422,
        'A code of before for a recovery of now',
      );
      mustAnswer(
        await target.signIn(target.actor(), email, member.password),
        200,
        'The password after all that',
      );
    },
  },
  {
    id: 'F50',
    title: 'Using an account that is scheduled for deletion',
    source: 'ASVS 7.4.2; GHSA-2vg6-77g8-24mp',
    async run(target) {
      const member = await target.member();
      const other = target.actor();
      await target.signIn(other, member.email, member.password);
      const { actor } = member;
      const { token = '' } = actor;
      const closings = await atOnce(3, () => actor.send('DELETE', '/api/account'));
      must(
        closings.some(({ status }) => status === 202) &&
          closings.every(({ status }) => [202, 401].includes(status)),
        `Closing three times at once: ${JSON.stringify(statuses(closings))}`,
      );
      const kept = target.actor();
      kept.cookies.set(target.isSecure ? '__Host-flowcept' : 'flowcept', token);
      for (const each of [kept, other])
        must(
          (await target.whoIs(each)) === null,
          'A session lives on in an account that was closed.',
        );
      const offer = await offerOf(target, member);
      mustAnswer(
        await target.signIn(target.actor(), member.email, 'a wrong password for it'),
        401,
        'A wrong password for an account that is being closed',
      );
      const reopened = await atOnce(5, () =>
        target.actor().post('/api/account/reopen', { token: offer }),
      );
      must(
        statuses(reopened)[200] === 1,
        `One offer, five times at once: ${JSON.stringify(statuses(reopened))}`,
      );
      must(
        reopened.every(({ setCookies }) => setCookies.length === 0),
        'Opening an account again signs in.',
      );
    },
  },
  {
    id: 'L123',
    title: 'An export that runs as a formula or a page, or contains another user’s data',
    source: 'ASVS 1.2.10, 14.2.7, 15.3.1',
    async run(target) {
      const [member, stranger] = [await target.member(), await target.member()];
      const name = '=1+1<script>alert(1)</script>';
      mustAnswer(
        await member.actor.send('PATCH', '/api/account', { body: { name } }),
        200,
        'A name that is a formula and markup',
      );
      await target.signIn(target.actor(), member.email, 'a wrong password for it');
      const { status, headers, json, text } = await member.actor.get('/api/account/export', {
        Accept: 'text/html,text/csv',
      });
      must(
        status === 200 && /^application\/json\b/.test(String(headers['content-type'])),
        `The export is ${headers['content-type']}.`,
      );
      must(
        headers['x-content-type-options'] === 'nosniff' &&
          /sandbox/.test(String(headers['content-security-policy'])),
        'The export can be opened as a page.',
      );
      must(at(json, 'user', 'name') === name, 'The export changes what it holds.');
      for (const secret of [
        member.actor.token ?? 'none',
        member.password,
        'hmac-sha384',
        '$2b$',
        'Hash',
        'secret',
      ])
        must(!text.includes(secret), `The export holds “${secret.slice(0, 12)}…”`);
      must(
        !text.includes(stranger.id) && listAt(json, 'sessions').length === 1,
        'The export holds what is of others.',
      );
      for (const path of [
        '/api/account/export',
        `/api/account/export?user=${member.id}`,
        `/api/account/${member.id}/export`,
      ]) {
        must(
          !(await stranger.actor.get(path)).text.includes(member.email),
          `${path} exports another user.`,
        );
      }
      mustAnswer(
        await target.actor().get('/api/account/export'),
        401,
        'An export without a session',
      );
      mustAnswer(
        await target.signIn(target.actor(), member.email, goodPassword),
        200,
        'The password after all that',
      );
    },
  },
];
