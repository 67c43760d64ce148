import type { Reply } from './actor.ts';
import type { Attack } from './attack.ts';
import { at, textAt } from './json.ts';
import { atOnce, fewAtATime, statuses } from './parallel.ts';
import { codeIn, goodPassword, wrongCode } from './target.ts';
import { must, mustAnswer } from './verdict.ts';

const isEvaluated = ({ status, text }: Reply): boolean =>
  status === 200 || (status === 422 && text.includes('wrong-code'));

/** B: codes sent by email. */
export const codeAttacks: readonly Attack[] = [
  {
    id: 'B11',
    title: 'Codes that can be told before they come',
    source: 'ASVS 6.5.3, 6.5.4',
    async run(target) {
      const emails = Array.from({ length: 24 }, () => target.newEmail());
      await fewAtATime(emails, 4, (email) => target.openSignUp(email));
      const codes = await fewAtATime(emails, 4, (email) => target.codeFor(email));
      must(
        codes.every((code) => /^\d{6}$/.test(code)),
        'A code is not six digits.',
      );
      must(new Set(codes).size >= codes.length - 1, 'Codes repeat.');
      const digits = codes.join('');
      const expected = digits.length / 10;
      const chiSquare = Array.from(
        { length: 10 },
        (_, digit) =>
          ([...digits].filter((each) => each === String(digit)).length - expected) ** 2 / expected,
      ).reduce((a, b) => a + b);
      must(
        chiSquare < 45,
        `The digits are not equally likely: χ² is ${chiSquare.toFixed(0)} with 9 degrees of freedom.`,
      );
      const steps = new Set(
        codes.slice(1).map((code, index) => Number(code) - Number(codes[index])),
      );
      must(steps.size >= codes.length - 3, 'Codes follow one another by a fixed step.');
    },
  },
  {
    id: 'B13',
    title: 'A sixth guess',
    source: 'ASVS 6.6.3; NIST SP 800-63B-4 §3.2.2',
    async run(target) {
      const { actor, email, challenge } = await target.openSignUp();
      const right = await target.codeFor(email);
      const verify = (code: string) => actor.post(`/api/challenges/${challenge}/verify`, { code });
      for (const left of [4, 3, 2, 1, 0]) {
        const reply = await verify(wrongCode(right));
        mustAnswer(reply, 422, 'A wrong code');
        must(
          at(reply.json, 'attemptsLeft') === left,
          `attemptsLeft is ${String(at(reply.json, 'attemptsLeft'))}, not ${left}.`,
        );
      }
      mustAnswer(await verify(right), 410, 'The right code after five wrong ones');
      mustAnswer(
        await actor.post(`/api/challenges/${challenge}/resend`),
        410,
        'Another code for a spent challenge',
      );
    },
  },
  {
    id: 'B14',
    title: 'Fifty guesses at once',
    source: 'better-auth 1.6.17, OTP race',
    alone: true,
    async run(target) {
      for (const purpose of ['verify-email', 'recover'] as const) {
        const email = purpose === 'recover' ? (await target.member()).email : target.newEmail();
        const challenge =
          purpose === 'recover'
            ? await target.openRecovery(email)
            : (await target.openSignUp(email)).challenge;
        const right = await target.codeFor(email);
        const wrong = Array.from({ length: 49 }, (_, index) =>
          String((Number(right) + 1 + index) % 1_000_000).padStart(6, '0'),
        );
        const replies = await Promise.all(
          [...wrong, right].map((code) => {
            const path =
              purpose === 'recover'
                ? '/api/recovery/complete'
                : `/api/challenges/${challenge}/verify`;
            const body =
              purpose === 'recover'
                ? { challenge, code, password: 'the guesser owns this account' }
                : { code };
            return target.actor().send('POST', path, { body, mayBeBusy: true });
          }),
        );
        const evaluated = replies.filter(isEvaluated).length;
        must(
          evaluated <= 5,
          `${evaluated} guesses at a ${purpose} code were compared: ${JSON.stringify(statuses(replies))}`,
        );
      }
    },
  },
  {
    id: 'B15',
    title: 'Resending until the code is right',
    source: 'OWASP Multifactor Authentication; ASVS 6.6.2',
    async run(target) {
      const { email, challenge } = await target.openSignUp();
      const before = (await target.mailTo(email)).length;
      const replies = await atOnce(10, () =>
        target.actor().post(`/api/challenges/${challenge}/resend`),
      );
      must(
        replies.every(({ status }) => status === 429),
        `Ten resends within the first minute: ${JSON.stringify(statuses(replies))}`,
      );
      must((await target.mailTo(email)).length === before, 'A resend that was refused sent mail.');
      mustAnswer(
        await target
          .actor()
          .post(`/api/challenges/${challenge}/verify`, { code: await target.codeFor(email) }),
        200,
        'The code, which is still the newest',
      );
    },
  },
  {
    id: 'B16',
    title: 'A code where it does not belong',
    source: 'ASVS 6.6.2, 9.2.2',
    async run(target) {
      const member = await target.member();
      const first = await target.openSignUp();
      const second = await target.openSignUp();
      const code = await target.codeFor(first.email);
      mustAnswer(
        await second.actor.post(`/api/challenges/${second.challenge}/verify`, { code }),
        422,
        'The code of another challenge',
      );
      const recovery = await target.openRecovery(member.email);
      const recoveryCode = await target.codeFor(member.email);
      const complete = (challenge: string, guess: string) =>
        target.actor().post('/api/recovery/complete', {
          challenge,
          code: guess,
          password: 'a code of another flow',
        });
      const crossed = [
        await target.actor().post(`/api/challenges/${recovery}/verify`, { code: recoveryCode }),
        await complete(first.challenge, code),
      ];
      for (const reply of crossed)
        must(
          textAt(reply.json, 'type') === '/problems/wrong-purpose',
          `A code of another purpose: ${reply.text}`,
        );
      mustAnswer(await complete(recovery, code), 422, 'The code of a sign-up for a recovery');
      mustAnswer(
        await first.actor.post(`/api/challenges/${first.challenge}/verify`, { code }),
        200,
        'The right code after another purpose was tried, which counts nothing',
      );
    },
  },
  {
    id: 'B17',
    title: 'Flooding a user’s mailbox',
    source: 'ASVS 2.4.1',
    alone: true,
    async run(target) {
      const { email } = await target.member();
      const before = (await target.mailTo(email)).length;
      const replies = await atOnce(20, (index) =>
        index % 2 === 0
          ? target.actor().post('/api/recovery', { email })
          : target.actor().send('POST', '/api/sign-up', {
              body: { email, password: goodPassword, name: 'Eve' },
              mayBeBusy: true,
            }),
      );
      must(
        replies.every(({ status }) => [202, 429, 503].includes(status)),
        `Twenty requests for mail: ${JSON.stringify(statuses(replies))}`,
      );
      const mails = (await target.mailTo(email)).length - before;
      must(mails <= 5, `${mails} mails went to one address within seconds.`);
    },
  },
  {
    id: 'B18',
    title: 'A code that is not a text of six digits',
    source: 'ASVS 15.3.5',
    async run(target) {
      const { actor, email, challenge } = await target.openSignUp();
      const right = await target.codeFor(email);
      const arabic = [...right]
        .map((digit) => String.fromCodePoint(0x660 + Number(digit)))
        .join('');
      const shapes: unknown[] = [
        Number(right),
        [right],
        { $ne: '0' },
        { $gt: '' },
        ` ${right} `,
        `${right}\n`,
        arabic,
        `${right}0`,
        right.slice(1),
        null,
        true,
        `${right}\u0000`,
        [right, right],
        `+${right}`,
        `0x${right}`,
        '',
      ];
      for (const code of shapes)
        mustAnswer(
          await actor.post(`/api/challenges/${challenge}/verify`, { code }),
          422,
          `The code ${JSON.stringify(code)}`,
        );
      must(actor.token === undefined, 'A user is signed in.');
      mustAnswer(
        await actor.post(`/api/challenges/${challenge}/verify`, { code: right }),
        200,
        'The right code, of which none was counted',
      );
    },
  },
  {
    id: 'B201',
    title: 'A new challenge for every five guesses',
    source: 'NIST SP 800-63B-4 §3.2.2; better-auth 1.6.21',
    async run(target) {
      const { email } = await target.member();
      let evaluated = 0;
      for (let round = 0; round < 3; round += 1) {
        const challenge = await target.openRecovery(email);
        const right = await target.codeFor(email);
        for (let guess = 0; guess < 5; guess += 1) {
          const reply = await target.actor().post('/api/recovery/complete', {
            challenge,
            code: wrongCode(right),
            password: 'the guesser owns this account',
          });
          if (isEvaluated(reply)) evaluated += 1;
        }
        if (round < 2) continue;
        const last = await target.actor().post('/api/recovery/complete', {
          challenge,
          code: right,
          password: 'the guesser owns this account',
        });
        mustAnswer(last, [410, 429], 'The right code after the address’s budget was spent');
      }
      must(
        evaluated <= 10,
        `${evaluated} wrong codes of one address were compared within an hour.`,
      );
    },
  },
  {
    id: 'B202',
    title: 'A challenge’s id that can be guessed or left out',
    source: 'ASVS 7.2.3',
    async run(target) {
      const [one, other] = [await target.openSignUp(), await target.openSignUp()];
      for (const { challenge } of [one, other])
        must(/^[\w-]{22,}$/.test(challenge), `A challenge’s id is “${challenge}”.`);
      must(
        one.challenge.slice(0, 4) !== other.challenge.slice(0, 4) ||
          one.challenge.slice(-4) !== other.challenge.slice(-4),
        'Ids of challenges resemble one another.',
      );
      const code = await target.codeFor(one.email);
      for (const id of [
        '%20',
        '*',
        '%25',
        '_',
        'undefined',
        'null',
        one.challenge.slice(0, -1),
        `${one.challenge}%00`,
        one.challenge.toLowerCase() === one.challenge ? 'x' : one.challenge.toLowerCase(),
        '..',
        `${one.challenge}%2f..`,
      ]) {
        const reply = await target.actor().post(`/api/challenges/${id}/verify`, { code });
        must(reply.status === 404, `The id ${id} was answered ${reply.status}.`);
      }
      must(
        (await target.mailTo(one.email)).filter((mail) => codeIn(mail) !== null).length === 1,
        'A sign-up sends one code.',
      );
    },
  },
];
