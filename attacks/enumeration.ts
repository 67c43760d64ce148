import type { Reply } from './actor.ts';
import type { Attack } from './attack.ts';
import { listAt, textAt } from './json.ts';
import { fewAtATime } from './parallel.ts';
import { goodPassword } from './target.ts';
import { mustLookAlike, mustTakeAlike } from './uniform.ts';
import { must, mustAnswer } from './verdict.ts';

/** The number of each kind: both halves of a pair are asked, two hundred in all. */
const rounds = 34;

/** D: finding out which addresses have an account. */
export const enumerationAttacks: readonly Attack[] = [
  {
    id: 'D31',
    title: 'Signing in tells who has an account',
    source: 'ASVS 6.3.8',
    async run(target) {
      const { email } = await target.member();
      for (const password of ['', 'x', goodPassword.toUpperCase(), '\u0000', '😀'.repeat(200)]) {
        const signIn = (address: string) => target.signIn(target.actor(), address, password);
        mustLookAlike(
          await signIn(email),
          await signIn(target.newEmail()),
          `Signing in with “${password.slice(0, 4)}…” and a known and an unknown address`,
        );
      }
    },
  },
  {
    id: 'D32',
    title: 'Sign-up, recovery or resending tells who has an account',
    source: 'ASVS 6.3.8',
    async run(target) {
      const recover = (email: string) => target.actor().post('/api/recovery', { email });
      const signUp = (email: string) => target.signUp(target.actor(), email);
      for (const open of [recover, signUp]) {
        mustLookAlike(
          await open((await target.member()).email),
          await open(target.newEmail()),
          'Mail for a known and an unknown address',
        );
        const known = textAt((await open((await target.member()).email)).json, 'challenge', 'id');
        const unknown = textAt((await open(target.newEmail())).json, 'challenge', 'id');
        const resend = (challenge: string) =>
          target.actor().post(`/api/challenges/${challenge}/resend`);
        mustLookAlike(
          await resend(known),
          await resend(unknown),
          'Resending for a known and an unknown address',
        );
      }
    },
  },
  {
    id: 'D33',
    title: 'Ids of others tell whether they exist',
    source: 'ASVS 8.2.2',
    async run(target) {
      const [member, other] = [await target.member(), await target.member()];
      const session = textAt((await other.actor.get('/api/session')).json, 'session', 'id');
      const event = textAt((await other.actor.get('/api/account/activity')).json, 'items', 0, 'id');
      const madeUp = 'A'.repeat(22);
      const drop = (id: string) => member.actor.send('DELETE', `/api/sessions/${id}`);
      mustLookAlike(
        await drop(session),
        await drop(madeUp),
        'Ending another user’s session and one that does not exist',
      );
      const after = (id: string) => member.actor.get(`/api/account/activity?after=${id}`);
      const foreign = await after(event);
      must(
        listAt(foreign.json, 'items').length === 0,
        'Another user’s event is a position in the caller’s own list.',
      );
      mustLookAlike(
        foreign,
        await after(madeUp),
        'Activity after another user’s event and after one that does not exist',
      );
    },
  },
  {
    id: 'D35',
    title: 'The limit of guesses tells who has an account',
    source: 'ASVS 6.3.8',
    async run(target) {
      const { email } = await target.member();
      const run = async (address: string) => {
        const answers = [];
        for (let index = 0; index < 12; index += 1)
          answers.push(
            (await target.signIn(target.actor(), address, `a wrong password ${index}`)).status,
          );
        return answers.join(' ');
      };
      const [known, unknown] = [await run(email), await run(target.newEmail())];
      must(
        known === unknown && known.includes('429'),
        `Twelve wrong passwords: known ${known}, unknown ${unknown}.`,
      );
    },
  },
  {
    id: 'D201',
    title: 'A challenge that exists for show behaves like none that is real',
    source: 'ASVS 6.3.8',
    async run(target) {
      const { email } = await target.member();
      const story = async (address: string) => {
        const { actor, challenge } = await target.openSignUp(address);
        const lines = [];
        for (let guess = 0; guess < 6; guess += 1) {
          const { status, json } = await actor.post(`/api/challenges/${challenge}/verify`, {
            code: '000000',
          });
          lines.push(
            `${status} ${textAt(json, 'type')} ${JSON.stringify(json).match(/"attemptsLeft":\d/)?.[0] ?? ''}`,
          );
        }
        return lines.join('; ');
      };
      const [shown, real] = [await story(email), await story(target.newEmail())];
      must(shown === real, `Six guesses at one for show: ${shown}. At a real one: ${real}.`);
      const completing = async (address: string) => {
        const challenge = await target.openRecovery(address);
        return target
          .actor()
          .post('/api/recovery/complete', { challenge, code: '000000', password: goodPassword });
      };
      mustLookAlike(
        await completing((await target.member()).email),
        await completing(target.newEmail()),
        'Completing recovery of a known and an unknown address',
      );
    },
  },
  {
    id: 'D202',
    title: 'An open sign-up of the victim’s address opens their account’s door a crack',
    source: 'our own: the two passwords of one address',
    async run(target) {
      const member = await target.member();
      await target.openSignUp(member.email, 'the sign-up of the attacker');
      const attacker = target.actor();
      const known = await target.signIn(attacker, member.email, 'the sign-up of the attacker');
      const fresh = target.newEmail();
      await target.openSignUp(fresh, 'the sign-up of the attacker');
      const unknown = await target.signIn(target.actor(), fresh, 'the sign-up of the attacker');
      mustAnswer(known, 403, 'The password of an open sign-up');
      mustLookAlike(known, unknown, 'The password of an open sign-up, with and without an account');
      must(attacker.token === undefined, 'It signs in.');
    },
  },
  {
    id: 'D203',
    title: 'Two hundred sign-ins, sign-ups and recoveries, told apart by a watch',
    source: 'ASVS 6.3.8; hardening.md §1',
    alone: true,
    async run(target) {
      // Each address has received one email, and can receive five an hour.
      const known = (
        await fewAtATime(Array.from({ length: rounds }), 4, () => target.member())
      ).map(({ email }) => email);
      const unknown = Array.from({ length: rounds }, () => target.newEmail());
      await fewAtATime(unknown, 4, (email) => target.openRecovery(email));
      const kinds: [string, (email: string) => Promise<Reply>][] = [
        ['Signing in', (email) => target.signIn(target.actor(), email, 'no password of theirs')],
        ['Recovery', (email) => target.actor().post('/api/recovery', { email })],
        ['Sign-up', (email) => target.signUp(target.actor(), email)],
      ];
      for (const [kind, ask] of kinds) {
        await mustTakeAlike(
          rounds,
          (round) => ask(known[round] ?? ''),
          (round) => ask(unknown[round] ?? ''),
          `${kind} with a known and an unknown address`,
        );
      }
    },
  },
];
