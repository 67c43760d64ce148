import type { Actor, Reply } from './actor.ts';
import type { Attack } from './attack.ts';
import { Authenticator, type Ceremony } from './authenticator.ts';
import {
  addPasskey,
  ceremony,
  finish,
  half,
  type Options,
  optionsIn,
  withPasskey,
} from './enrol.ts';
import { at, listAt } from './json.ts';
import { atOnce, statuses } from './parallel.ts';
import type { Target } from './target.ts';
import { must, mustAnswer } from './verdict.ts';

const begin = async (target: Target): Promise<Options> =>
  optionsIn(await target.actor().post('/api/sign-in/passkey/options', {}));
const present = (actor: Actor, response: unknown): Promise<Reply> =>
  actor.post('/api/sign-in/passkey', { response });
const factorsOf = async (actor: Actor): Promise<number> =>
  listAt((await actor.get('/api/factors')).json, 'items').length;

/** I: passkeys, created and used by a dishonest client. */
export const passkeyAttacks: readonly Attack[] = [
  {
    id: 'I85',
    title: 'A passkey that was made for another site, session or purpose',
    source: 'WebAuthn L3 §7.1; ASVS 6.7.2',
    async run(target) {
      const [victim, attacker] = [await target.member(), await target.member()];
      const { origin, host, hostname } = target.origin;
      const lies: [string, Partial<Ceremony>][] = [
        ...[
          'https://evil.test',
          `${origin}.evil.test`,
          `${target.origin.protocol}//sub.${host}`,
          origin.replace(/:\d+$/, ':1'),
          'null',
        ].map((from): [string, Partial<Ceremony>] => [
          `of the origin ${from}`,
          { origin: from, lie: { rpId: hostname } },
        ]),
        ['of another site', { lie: { rpId: 'evil.test' } }],
        ['of another kind', { lie: { type: 'webauthn.get' } }],
        ['from a frame', { lie: { crossOrigin: true } }],
        ['without a touch by the user', { lie: { flags: 0x40 } }],
        ['for a challenge of its own', { challenge: Buffer.alloc(32, 7).toString('base64url') }],
      ];
      for (const [how, differently] of lies)
        mustAnswer(
          await addPasskey(target, attacker.actor, new Authenticator(), differently),
          422,
          `A passkey ${how}`,
        );
      const theirs = optionsIn(await victim.actor.post('/api/factors/passkeys/options', {}));
      must(
        Buffer.from(theirs.challenge, 'base64url').length >= 16,
        'A passkey’s challenge has less than 128 bits.',
      );
      const made = new Authenticator().create(theirs, ceremony(target, theirs));
      mustAnswer(
        await attacker.actor.post('/api/factors/passkeys', { response: made, name: 'Key' }),
        422,
        'A passkey for another user’s ceremony',
      );
      mustAnswer(
        await victim.actor.post('/api/factors/passkeys', { response: made, name: 'Key' }),
        422,
        'A ceremony that was used up',
      );
      const signIn = await begin(target);
      mustAnswer(
        await attacker.actor.post('/api/factors/passkeys', {
          response: new Authenticator().create(theirs, ceremony(target, signIn)),
          name: 'Key',
        }),
        422,
        'A passkey for the ceremony of a sign-in',
      );
      const one = await withPasskey(target);
      mustAnswer(
        await addPasskey(target, attacker.actor, one.passkey),
        409,
        'Another user’s passkey',
      );
      must(
        (await factorsOf(attacker.actor)) === 0 && (await factorsOf(victim.actor)) === 0,
        'A passkey was kept.',
      );
    },
  },
  {
    id: 'I86',
    title: 'A passkey’s answer, sent again, in parallel and elsewhere',
    source: 'ASVS 6.5.1',
    async run(target) {
      const member = await withPasskey(target);
      const { passkey } = member;
      const answer = passkey.get(ceremony(target, await begin(target)));
      const rivals = await atOnce(6, async () => target.actor());
      const replies = await Promise.all(rivals.map((actor) => present(actor, answer)));
      must(
        statuses(replies)[200] === 1,
        `One answer, six times at once: ${JSON.stringify(statuses(replies))}`,
      );
      const [due, other] = [await half(target, member), await half(target, member)];
      const options = optionsIn(
        await due.actor.post('/api/sign-in/second-factor/passkey/options', {
          challenge: due.challenge,
        }),
      );
      const response = passkey.get(ceremony(target, options));
      const meet = (challenge: string) =>
        target
          .actor()
          .post('/api/sign-in/second-factor', { challenge, method: 'passkey', response });
      mustAnswer(await meet(other.challenge), 422, 'An answer to one challenge, given to another');
      mustAnswer(await meet(due.challenge), 422, 'An answer that was given before');
      mustAnswer(
        await member.actor.post('/api/session/confirm', { method: 'passkey', response: answer }),
        422,
        'An answer of a sign-in as re-authentication',
      );
    },
  },
  {
    id: 'I87',
    title: 'A passkey’s answer that belongs to another user or purpose',
    source: 'WebAuthn L3 §7.2; ASVS 6.7.2',
    async run(target) {
      const [victim, attacker] = [await withPasskey(target), await withPasskey(target)];
      const { passkey } = victim;
      const lies: [string, Partial<Ceremony>][] = [
        ['for another kind of ceremony', { lie: { type: 'webauthn.create' } }],
        ['from a frame', { lie: { crossOrigin: true } }],
        ['of another site', { lie: { rpId: 'evil.test' } }],
        [
          'of another origin',
          { origin: `${target.origin.origin}.evil.test`, lie: { rpId: target.origin.hostname } },
        ],
        ['of another user', { lie: { userHandle: attacker.passkey.userHandle } }],
        ['that did not ask who holds it', { lie: { flags: 0x01 } }],
        ['without a touch by the user', { lie: { flags: 0x04 } }],
        ['for a challenge of its own', { challenge: Buffer.alloc(32, 7).toString('base64url') }],
      ];
      for (const [how, differently] of lies) {
        const response = passkey.get({ ...ceremony(target, await begin(target)), ...differently });
        mustAnswer(await present(target.actor(), response), 401, `An answer ${how}`);
      }
      const forged = Object.assign(new Authenticator(), {
        id: passkey.id,
        userHandle: passkey.userHandle,
      });
      mustAnswer(
        await present(target.actor(), forged.get(ceremony(target, await begin(target)))),
        401,
        'The victim’s credential, signed by the attacker',
      );
      const making = optionsIn(await victim.actor.post('/api/factors/passkeys/options', {}));
      mustAnswer(
        await present(target.actor(), passkey.get(ceremony(target, making))),
        401,
        'An answer to the ceremony of a registration',
      );
      const { actor, challenge } = await half(target, victim);
      const options = optionsIn(
        await actor.post('/api/sign-in/second-factor/passkey/options', { challenge }),
      );
      const response = attacker.passkey.get(ceremony(target, options));
      mustAnswer(
        await actor.post('/api/sign-in/second-factor', { challenge, method: 'passkey', response }),
        422,
        'The attacker’s own passkey at the victim’s challenge',
      );
      mustAnswer(
        await finish(actor, challenge, '000000'),
        422,
        'A way that the account does not have',
      );
      mustAnswer(
        await present(target.actor(), passkey.get(ceremony(target, await begin(target)))),
        200,
        'An honest answer after all that',
      );
    },
  },
  {
    id: 'I88',
    title: 'A copy of a passkey',
    source: 'WebAuthn L3 §6.1.1',
    async run(target) {
      const { passkey } = await withPasskey(target);
      const counted = async (counter: number): Promise<Reply> =>
        present(target.actor(), passkey.get(ceremony(target, await begin(target), { counter })));
      mustAnswer(await counted(7), 200, 'A passkey that counts');
      for (const counter of [7, 3, 0])
        mustAnswer(
          await counted(counter),
          [401, 422],
          `A passkey that counted to 7 and says ${counter}`,
        );
      mustAnswer(await counted(8), 200, 'A passkey that counts on');
    },
  },
  {
    id: 'I90',
    title: 'Passkeys that are no passkeys',
    source: 'ASVS 1.5.2; WebAuthn L3 §7.1',
    async run(target) {
      const { actor } = await target.member();
      const options = async (): Promise<Options> =>
        optionsIn(await actor.post('/api/factors/passkeys/options', {}));
      const nested = Buffer.concat([Buffer.alloc(11_000, 0x81), Buffer.from([0x00])]).toString(
        'base64url',
      );
      const huge = Buffer.from([0x5b, 0, 0, 0, 1, 0, 0, 0, 0]).toString('base64url');
      for (const attestationObject of [
        '',
        'gA',
        'oA',
        '_____',
        'A'.repeat(16_000),
        nested,
        huge,
        Buffer.from('a363666d74', 'hex').toString('base64url'),
      ]) {
        const begun = await options();
        const made = new Authenticator().create(begun, ceremony(target, begun));
        const reply = await actor.post('/api/factors/passkeys', {
          response: { ...made, response: { ...made.response, attestationObject } },
          name: 'Key',
        });
        mustAnswer(
          reply,
          422,
          `An attestation of ${attestationObject.length} characters, “${attestationObject.slice(0, 8)}…”`,
        );
        must(
          reply.milliseconds < 1_500,
          `An attestation of ${attestationObject.length} characters took ${reply.milliseconds.toFixed(0)} ms.`,
        );
      }
      const honest = new Authenticator().get(ceremony(target, await begin(target)));
      const odd: [unknown, number[]][] = [
        [null, [422]],
        ['x', [422]],
        [{ ...honest, id: 'A'.repeat(60_000) }, [422]],
        [{ ...honest, id: 'A'.repeat(2_000_000) }, [413]],
        [{ ...honest, type: 'password' }, [422]],
        [{ ...honest, rawId: 7 }, [422]],
        [
          {
            ...honest,
            response: {
              ...honest.response,
              clientDataJSON: Buffer.from('[]').toString('base64url'),
            },
          },
          [401],
        ],
        [
          {
            ...honest,
            response: {
              ...honest.response,
              clientDataJSON: Buffer.from('{"challenge":{"$ne":""}}').toString('base64url'),
            },
          },
          [401],
        ],
        [{ ...honest, response: { ...honest.response, signature: '' } }, [401]],
        [honest, [401]],
      ];
      for (const [response, allowed] of odd)
        mustAnswer(
          await present(target.actor(), response),
          allowed,
          `A passkey’s answer ${JSON.stringify(response)?.slice(0, 40)}`,
        );
      must((await factorsOf(actor)) === 0, 'A passkey was kept.');
    },
  },
  {
    id: 'I202',
    title: 'A passkey that never verified its user, signing in alone',
    source:
      'WebAuthn L3 §4 uvInitialized, §7.2: any finder of a security key without a PIN may set one',
    async run(target) {
      const member = await target.member();
      const found = new Authenticator();
      mustAnswer(
        await addPasskey(target, member.actor, found, { lie: { flags: 0x41 } }),
        201,
        'A passkey that did not verify its user',
      );
      const alone = async (
        passkey: Authenticator,
        lie: Ceremony['lie'],
        what: string,
      ): Promise<void> => {
        const thief = target.actor();
        const reply = await present(
          thief,
          passkey.get({ ...ceremony(target, await begin(target)), ...(lie && { lie }) }),
        );
        mustAnswer(reply, 401, what);
        must(
          at(reply.json, 'type') === '/problems/user-verification-required' &&
            thief.token === undefined,
          `${what}: ${reply.text.slice(0, 120)}`,
        );
      };
      await alone(found, undefined, 'A passkey whose PIN was set after it was added');
      await alone(found, { flags: 0x01 }, 'A passkey without user verification');
      const second = async (lie: Ceremony['lie']): Promise<Reply> => {
        const { actor, challenge } = await half(target, member);
        const options = optionsIn(
          await actor.post('/api/sign-in/second-factor/passkey/options', { challenge }),
        );
        return actor.post('/api/sign-in/second-factor', {
          challenge,
          method: 'passkey',
          response: found.get({ ...ceremony(target, options), ...(lie && { lie }) }),
        });
      };
      mustAnswer(await second({ flags: 0x01 }), 200, 'The same passkey as the second factor');
      await alone(
        found,
        undefined,
        'A passkey that was the second factor without user verification',
      );
      const options = optionsIn(
        await member.actor.post('/api/session/confirm/passkey/options', {}),
      );
      mustAnswer(
        await member.actor.post('/api/session/confirm', {
          method: 'passkey',
          response: found.get(ceremony(target, options)),
        }),
        200,
        'A confirmation with user verification',
      );
      await alone(found, undefined, 'A passkey whose user verification nothing else vouched for');
      const verified = await withPasskey(target);
      await alone(
        verified.passkey,
        { flags: 0x01 },
        'A verified passkey that did not verify its user this time',
      );
      mustAnswer(
        await present(target.actor(), verified.passkey.get(ceremony(target, await begin(target)))),
        200,
        'A verified passkey',
      );
    },
  },
];
