import { setTimeout as sleep } from 'node:timers/promises';
import { generateSync } from 'otplib';
import type { Actor, Reply } from './actor.ts';
import { Authenticator, type Ceremony } from './authenticator.ts';
import { at, listAt, textAt } from './json.ts';
import type { Member, Target } from './target.ts';
import { must, mustAnswer } from './verdict.ts';

const step = 30_000;
/** Milliseconds that a code must still be valid when it is sent. */
const margin = 6_000;

/**
 * The code of the authenticator app, this many time steps away, at an instant that is not the end
 * of a step. RFC 6238
 */
export async function codeOf(secret: string, steps = 0): Promise<string> {
  const left = step - (Date.now() % step);
  if (left < margin) await sleep(left + 50);
  return generateSync({ secret, epoch: Math.floor(Date.now() / 1_000) + 30 * steps });
}

export interface WithApp extends Member {
  secret: string;
  factorId: string;
  recoveryCodes: string[];
}

/**
 * A user whose authenticator app gave the code of the previous step; this step’s and the next one’s
 * are left.
 */
export async function withApp(
  target: Target,
  member?: Member,
  given: { keepOtherSessions?: boolean } = {},
): Promise<WithApp> {
  const owner = member ?? (await target.member());
  const { json } = await owner.actor.post('/api/factors/totp');
  const [secret, factorId] = [textAt(json, 'secret'), textAt(json, 'factor', 'id')];
  const added = await owner.actor.post('/api/factors/totp/confirm', {
    id: factorId,
    code: await codeOf(secret, -1),
    ...given,
  });
  mustAnswer(added, 200, 'The first code of an authenticator app');
  return {
    ...owner,
    secret,
    factorId,
    recoveryCodes: listAt(added.json, 'recoveryCodes').map(String),
  };
}

export interface WithPasskey extends Member {
  passkey: Authenticator;
  factorId: string;
}

export async function withPasskey(target: Target, member?: Member): Promise<WithPasskey> {
  const owner = member ?? (await target.member());
  const passkey = new Authenticator();
  const reply = await addPasskey(target, owner.actor, passkey);
  mustAnswer(reply, 201, 'A passkey');
  return { ...owner, passkey, factorId: textAt(reply.json, 'factor', 'id') };
}

/** Creates a passkey in this browser; `differently` is how it deviates from an honest one. */
export async function addPasskey(
  target: Target,
  actor: Actor,
  passkey: Authenticator,
  differently: Partial<Ceremony> = {},
): Promise<Reply> {
  const options = optionsIn(await actor.post('/api/factors/passkeys/options', {}));
  return actor.post('/api/factors/passkeys', {
    response: passkey.create(options, { ...ceremony(target, options), ...differently }),
    name: 'Key',
  });
}

export interface Options {
  challenge: string;
  user: { id: string };
}

/** The options of a ceremony. */
export function optionsIn(reply: Reply): Options {
  mustAnswer(reply, 200, 'The options of a passkey');
  const id = at(reply.json, 'options', 'user', 'id');
  return {
    challenge: textAt(reply.json, 'options', 'challenge'),
    user: { id: typeof id === 'string' ? id : '' },
  };
}

export function ceremony(
  target: Target,
  { challenge }: { challenge: string },
  lie: Ceremony['lie'] = {},
): Ceremony {
  return { challenge, origin: target.origin.origin, lie };
}

/**
 * The password was right and a second factor is required: the challenge, and the cookies of the
 * browser.
 */
export async function half(
  target: Target,
  { email, password }: Pick<Member, 'email' | 'password'>,
  actor = target.actor(),
) {
  const reply = await target.signIn(actor, email, password);
  mustAnswer(reply, 200, 'The password of an account with a second factor');
  must(
    at(reply.json, 'user') === undefined && actor.token === undefined,
    'The password alone signs in to an account with a second factor.',
  );
  return { actor, challenge: textAt(reply.json, 'challenge', 'id') };
}

export function finish(
  actor: Actor,
  challenge: string,
  code: string,
  method = 'totp',
): Promise<Reply> {
  return actor.send('POST', '/api/sign-in/second-factor', {
    body: { challenge, method, code },
    mayBeBusy: true,
  });
}
