import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor, Reply } from './actor.ts';
import type { Attack } from './attack.ts';
import { useUpCodeMail } from './code-mail.ts';
import { codeOf, finish, half, withApp } from './enrol.ts';
import { at, listAt, textAt } from './json.ts';
import { atOnce, statuses } from './parallel.ts';
import { codeIn, linksIn, type Member, type Target, wrongCode } from './target.ts';
import { must, mustAnswer } from './verdict.ts';

const next = 'a new password, made by its owner';

/**
 * Signs in with the old password continuously until `secure` is done; returns the sessions that it
 * got. The limit lets ten attempts wait in the hash queue, and each success clears it.
 */
async function insideAfter(
  target: Target,
  member: Member,
  secure: () => Promise<unknown>,
): Promise<number> {
  const intruders: Actor[] = [];
  let isSecured = false;
  const intrude = async (): Promise<void> => {
    while (!isSecured && intruders.length < 80) {
      const actor = target.actor();
      intruders.push(actor);
      await target.signIn(actor, member.email, member.password);
    }
  };
  const intruding = atOnce(7, intrude);
  await sleep(100);
  await secure();
  isSecured = true;
  await intruding;
  const users = await Promise.all(intruders.map((actor) => target.whoIs(actor)));
  return users.filter(Boolean).length;
}

/** The account owner ends every session of the old password, while others sign in with it. */
function atTheInstantOf(
  prepare: (target: Target, member: Member) => Promise<() => Promise<Reply>>,
): Pick<Attack, 'alone' | 'run'> {
  return {
    alone: true,
    async run(target) {
      const member = await target.member();
      const secure = await prepare(target, member);
      const inside = await insideAfter(target, member, async () =>
        mustAnswer(await whenServed(secure), [200, 204], 'What its owner did'),
      );
      must(inside === 0, `${inside} sessions of the old password live on.`);
    },
  };
}

/** E: taking over an account by password reset. */
export const recoveryAttacks: readonly Attack[] = [
  {
    id: 'E36',
    title: 'A notice’s link, used twice or guessed',
    source: 'OWASP Forgot Password; ASVS 6.4.1',
    async run(target) {
      const member = await target.member();
      await target.signIn(target.actor(), member.email, member.password);
      const token = await target.undoTokenFor(member.email);
      must(/^[\w-]{43,}$/.test(token), `The token is ${token.length} characters.`);
      for (const near of [
        token.slice(0, -1),
        `${token}=`,
        ` ${token}`,
        token.toLowerCase(),
        `${token}\u0000`,
      ]) {
        mustAnswer(
          await target.actor().post('/api/account/undo', { token: near }),
          410,
          `The token as “${near.slice(-3)}”`,
        );
      }
      const replies = await atOnce(8, () => target.actor().post('/api/account/undo', { token }));
      must(
        statuses(replies)[200] === 1,
        `One link, eight times at once: ${JSON.stringify(statuses(replies))}`,
      );
      must(
        (await target.whoIs(member.actor)) === null,
        'A session lives on after “this wasn’t me”.',
      );
      mustAnswer(
        await target.signIn(target.actor(), member.email, member.password),
        401,
        'The password after “this wasn’t me”',
      );
    },
  },
  {
    id: 'E37',
    title: 'A mail whose links lead elsewhere',
    source: 'CVE-2021-25994; ASVS 4.1.3',
    async run(target) {
      const tries: Record<string, string>[] = [
        { Host: 'evil.test' },
        { 'X-Forwarded-Host': 'evil.test' },
        { Forwarded: 'host=evil.test' },
        { 'X-Original-Host': 'evil.test', 'X-Host': 'evil.test' },
        { Origin: 'https://evil.test' },
        { Referer: 'https://evil.test/' },
        { 'X-Forwarded-Proto': 'gopher' },
      ];
      for (const headers of tries) {
        const email = target.newEmail();
        const reply = await target.actor().post('/api/recovery', { email }, headers);
        mustAnswer(reply, [202, 421, 400, 403], `Recovery with ${JSON.stringify(headers)}`);
        for (const { text, html } of await target.mailTo(email)) {
          const links = linksIn(text + html).filter(
            (link) => !link.startsWith(target.origin.origin),
          );
          must(
            links.length === 0,
            `With ${JSON.stringify(headers)} the mail links to ${links.join(', ')}.`,
          );
        }
      }
      for (const request of [
        `GET http://evil.test/sign-in HTTP/1.1\r\nHost: evil.test\r\n`,
        `GET /sign-in HTTP/1.1\r\nHost: ${target.origin.host}\r\nHost: evil.test\r\n`,
        `GET /sign-in HTTP/1.1\r\nHost: evil.test\r\nHost: ${target.origin.host}\r\n`,
      ]) {
        const { text } = await target.raw(`${request}Connection: close\r\n\r\n`);
        must(text.startsWith('HTTP/1.1 4'), `${request.split('\r\n')[0]}: ${text.slice(0, 60)}`);
      }
    },
  },
  {
    id: 'E38',
    title: 'Staying inside while the owner recovers',
    source: 'ASVS 7.4.3',
    async run(target) {
      const member = await target.member();
      const intruder = target.actor();
      await target.signIn(intruder, member.email, member.password);
      const theirs = await target.openRecovery(member.email, intruder);
      const theirCode = await target.codeFor(member.email);
      const challenge = await target.openRecovery(member.email);
      const owner = target.actor();
      mustAnswer(
        await owner.post('/api/recovery/complete', {
          challenge,
          code: await target.codeFor(member.email),
          password: next,
        }),
        200,
        'The owner’s recovery',
      );
      must(owner.token === undefined, 'Recovery signs in.');
      for (const actor of [intruder, member.actor])
        must((await target.whoIs(actor)) === null, 'A session lives on after recovery.');
      mustAnswer(
        await intruder.post('/api/recovery/complete', {
          challenge: theirs,
          code: theirCode,
          password: 'the intruder comes back in',
        }),
        410,
        'An earlier recovery’s code',
      );
      mustAnswer(
        await target.signIn(intruder, member.email, member.password),
        401,
        'The old password',
      );
      must(
        (await target.mailTo(member.email)).some(({ subject }) =>
          /password was reset/.test(subject),
        ),
        'The owner was not told.',
      );
      mustAnswer(await target.signIn(owner, member.email, next), 200, 'The new password');
    },
  },
  {
    id: 'E40',
    title: 'A mail scanner that opens every link',
    source: 'ASVS 14.2.1; OWASP Forgot Password',
    async run(target) {
      const member = await target.member();
      await target.signIn(target.actor(), member.email, member.password);
      const token = await target.undoTokenFor(member.email);
      const scanner = target.actor();
      for (const method of ['GET', 'HEAD']) {
        for (const path of [
          '/undo',
          `/undo?token=${token}`,
          `/api/account/undo?token=${token}`,
          `/api/account/undo/${token}`,
        ])
          await scanner.send(method, path);
      }
      const page = await scanner.get('/undo', { Accept: 'text/html' });
      must(
        page.headers['referrer-policy'] === 'no-referrer',
        'The page’s address goes to others as the referrer.',
      );
      must(
        linksIn(page.text).every((link) => link.startsWith(target.origin.origin)),
        `The page loads from elsewhere: ${linksIn(page.text).join(', ')}`,
      );
      must((await target.whoIs(member.actor)) === member.id, 'Opening the link acted.');
      mustAnswer(
        await target.actor().post('/api/account/undo', { token }),
        200,
        'The token after a scanner opened it',
      );
    },
  },
  {
    id: 'E201',
    title: 'Signing in with the old password at the instant of recovery',
    source: 'our own: a password compared before it was replaced, a session begun after',
    ...atTheInstantOf(async (target, { email }) => {
      const challenge = await target.openRecovery(email);
      const code = await target.codeFor(email);
      return () =>
        target.actor().send('POST', '/api/recovery/complete', {
          body: { challenge, code, password: next },
          mayBeBusy: true,
        });
    }),
  },
  {
    id: 'E202',
    title: 'Signing in at the instant of “this wasn’t me”',
    source: 'our own: like E201',
    ...atTheInstantOf(async (target, { email, password }) => {
      await target.signIn(target.actor(), email, password);
      const token = await target.undoTokenFor(email);
      return () =>
        target.actor().send('POST', '/api/account/undo', { body: { token }, mayBeBusy: true });
    }),
  },
  {
    id: 'E203',
    title: 'Signing in with the old password at the instant of its change',
    source: 'our own: like E201; ASVS 7.4.3',
    ...atTheInstantOf(
      async (_, { actor, password }) =>
        () =>
          actor.send('POST', '/api/account/password', {
            body: { current: password, next },
            mayBeBusy: true,
          }),
    ),
  },
  {
    id: 'E204',
    title: 'Locked out of recovery by a password that was refused',
    source: 'our own: a refused password costs one of five attempts, and not the recovery',
    async run(target) {
      const member = await target.member();
      const challenge = await target.openRecovery(member.email);
      const code = await target.codeFor(member.email);
      const complete = (password: string) =>
        target.actor().post('/api/recovery/complete', { challenge, code, password });
      for (let index = 0; index < 4; index += 1)
        mustAnswer(await complete('flowcept flowcept'), 422, 'A password that is mostly ours');
      mustAnswer(
        await complete(next),
        200,
        'The right code with a good password, after four that were refused',
      );
    },
  },
  {
    id: 'E209',
    title: 'Telling a right recovery code by a password that is refused',
    source: 'our own: a guess that was compared and not counted; ASVS 6.5.1, 6.6.3',
    async run(target) {
      const member = await target.member();
      const challenge = await target.openRecovery(member.email);
      const code = await target.codeFor(member.email);
      const complete = (typed: string, password: string) =>
        target.actor().post('/api/recovery/complete', { challenge, code: typed, password });
      const madeOfName = `${member.name} ${member.name}`.toLowerCase();
      mustAnswer(
        await complete(code, madeOfName),
        422,
        'The right code with a password made of the owner’s name',
      );
      const wrong = await complete(wrongCode(code), madeOfName);
      must(
        textAt(wrong.json, 'type') === '/problems/wrong-code',
        `A wrong code with a password made of the owner’s name: ${wrong.text.slice(0, 200)}`,
      );
      must(
        at(wrong.json, 'attemptsLeft') === 3,
        `After one right and one wrong code attemptsLeft is ${String(at(wrong.json, 'attemptsLeft'))}, not 3.`,
      );
      for (let index = 0; index < 3; index += 1) await complete(code, madeOfName);
      mustAnswer(await complete(code, next), 410, 'The right code, after five that were compared');
    },
  },
  {
    id: 'E205',
    title: 'One recovery, completed ten times at once',
    source: 'ASVS 2.3.4',
    alone: true,
    async run(target) {
      const member = await target.member();
      const challenge = await target.openRecovery(member.email);
      const code = await target.codeFor(member.email);
      const passwords = Array.from(
        { length: 10 },
        (_, index) => `one of ten new passwords, ${index}`,
      );
      const replies = await Promise.all(
        passwords.map((password) =>
          target.actor().send('POST', '/api/recovery/complete', {
            body: { challenge, code, password },
            mayBeBusy: true,
          }),
        ),
      );
      must(
        statuses(replies)[200] === 1,
        `One code set ${statuses(replies)[200] ?? 0} passwords: ${JSON.stringify(statuses(replies))}`,
      );
      must(
        (await target.mailTo(member.email)).filter(({ subject }) =>
          /password was reset/.test(subject),
        ).length === 1,
        'The owner was told other than once.',
      );
    },
  },
  {
    id: 'E206',
    title: 'Recovering an address that has no account makes one',
    source: 'ASVS 6.3.4',
    async run(target) {
      const email = target.newEmail();
      const challenge = await target.openRecovery(email);
      must(
        (await target.mailTo(email)).every((mail) => codeIn(mail) === null),
        'An address without an account got a code.',
      );
      mustAnswer(
        await target
          .actor()
          .post('/api/recovery/complete', { challenge, code: '000000', password: next }),
        422,
        'A recovery code for no account',
      );
      mustAnswer(
        await target.signIn(target.actor(), email, next),
        401,
        'A password set by a recovery for no account',
      );
    },
  },
  {
    id: 'E207',
    title: 'Using up the codes of an address so that its owner cannot recover',
    source: 'our own: the other side of a limit on mail',
    async run(target) {
      const member = await target.member();
      let sent = 1 + (await useUpCodeMail(target, member.email, target.nextAddress()));
      await target.openRecovery(member.email);
      for (const address of [target.nextAddress(), target.nextAddress()])
        sent += await useUpCodeMail(target, member.email, address);
      must(sent <= 7, `Three strangers had ${sent} mails sent within seconds.`);
      const knownBrowser = target.actor();
      for (const [name, value] of member.actor.cookies)
        if (name.endsWith('-device')) knownBrowser.cookies.set(name, value);
      const challenge = await target.openRecovery(member.email, knownBrowser);
      mustAnswer(
        await knownBrowser.post('/api/recovery/complete', {
          challenge,
          code: await target.codeFor(member.email),
          password: next,
        }),
        200,
        'Recovery by a browser that was there before, after three strangers used up all they could',
      );
    },
  },
  {
    id: 'E208',
    title: 'Removing another user’s second factors through recovery',
    source: 'our own: the slow way around a factor; ASVS 6.4.4',
    async run(target) {
      const member = await withApp(target);
      const stranger = target.actor();
      const ask = (challenge: string): Promise<Reply> =>
        stranger.post('/api/recovery/factors', { challenge });
      mustAnswer(await ask('A'.repeat(22)), 404, 'Asking without half a sign-in');
      mustAnswer(
        await ask(await target.openRecovery(member.email)),
        422,
        'Asking with a recovery of the password',
      );
      const { challenge } = await half(target, member);
      // Three a day, concurrent ones included.
      const replies = await atOnce(3, () => ask(challenge));
      for (const { json } of [...replies, await ask((await half(target, member)).challenge)]) {
        must(
          Date.parse(textAt(json, 'opensAt')) - Date.now() > 71 * 60 * 60_000,
          `It opens at ${textAt(json, 'opensAt')}.`,
        );
      }
      await half(target, member);
      must(
        (await target.mailTo(member.email)).filter(({ subject }) =>
          /asked to remove your second factors/.test(subject),
        ).length === 1,
        'The owner was told other than once.',
      );
      mustAnswer(
        await stranger.send('DELETE', '/api/recovery/factors'),
        401,
        'Stopping it without a session',
      );
      mustAnswer(
        await member.actor.send('DELETE', '/api/recovery/factors'),
        204,
        'Its owner stops it',
      );
      await half(target, member);
    },
  },
  {
    id: 'E215',
    title: 'Removing another user’s second factors without notifying them',
    source: 'our own: a recovery that the owner’s own sign-in stops; ASVS 6.3.7',
    async run(target) {
      const member = await withApp(target);
      const intruder = await half(target, member);
      mustAnswer(
        await intruder.actor.post('/api/recovery/factors', { challenge: intruder.challenge }),
        202,
        'Starting the recovery with the password alone',
      );
      const { actor, challenge } = await half(target, member);
      mustAnswer(
        await finish(actor, challenge, await codeOf(member.secret)),
        200,
        'The owner’s sign-in with a factor',
      );
      must(
        (await target.mailTo(member.email)).some(({ subject }) =>
          /recovery of your second factors was stopped/.test(subject),
        ),
        'No mail tells the owner that a recovery was stopped.',
      );
      const activity = listAt((await actor.get('/api/account/activity')).json, 'items').map(
        (item) => textAt(item, 'action'),
      );
      must(
        activity.includes('factor.recovery-stopped'),
        'The activity does not show that a recovery was stopped.',
      );
      const { json } = await actor.get('/api/factors');
      must(
        typeof at(json, 'recovery', 'stoppedAt') === 'string',
        'The app has nothing to show of a recovery that was stopped.',
      );
    },
  },
];

/** An overloaded server says so, and the client retries. */
async function whenServed(ask: () => Promise<Reply>): Promise<Reply> {
  for (let tries = 1; tries < 6; tries += 1) {
    const reply = await ask();
    if (reply.status !== 503) return reply;
  }
  return ask();
}
