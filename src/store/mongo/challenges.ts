import type { ClientSession } from 'mongoose';
import type { Challenge, ChallengePurpose, Hashed } from '../../records.ts';
import { domainOf } from '../keys.ts';
import type { ChallengeStore } from '../port/challenges.ts';
import { toChallenge, toDocument } from './documents.ts';
import { after, anyOf, moreThan } from './filters.ts';
import { dropMailOf, insertMail } from './mail.ts';
import type { Models } from './models.ts';
import { transaction, write } from './transaction.ts';

function live(id: string, now: Date) {
  return { _id: id, endedAt: null, expiresAt: after(now) };
}

export async function insertChallenge(
  { challenges }: Models,
  challenge: Challenge,
  session: ClientSession,
): Promise<void> {
  await challenges.create([{ ...toDocument(challenge), domain: domainOf(challenge.email) }], {
    session,
  });
}

/** Uses up one attempt before the code is compared, so concurrent guesses share the available attempts. */
export function takeAttempt(
  models: Models,
  id: string,
  purpose: ChallengePurpose,
  now: Date,
): Promise<Challenge | null> {
  return countAttempt(models, { ...live(id, now), purpose, attemptsLeft: moreThan(0) });
}

async function takeAnyAttempt(models: Models, id: string, now: Date): Promise<number | null> {
  const failed = await countAttempt(models, { ...live(id, now), attemptsLeft: moreThan(0) });
  return failed && failed.attemptsLeft;
}

function countAttempt(
  models: Models,
  open: ReturnType<typeof live> & { purpose?: ChallengePurpose; attemptsLeft: object },
): Promise<Challenge | null> {
  return write(models, open._id, async (session) => {
    const taken = await models.challenges
      .findOneAndUpdate(open, { $inc: { attemptsLeft: -1 } }, { returnDocument: 'after', session })
      .lean();
    return taken && toChallenge(taken);
  });
}

export async function isOpen(
  { challenges }: Models,
  id: string,
  now: Date,
  session: ClientSession,
): Promise<boolean> {
  return (
    (await challenges.exists({ ...live(id, now), attemptsLeft: moreThan(0) }).session(session)) !==
    null
  );
}

/** Whether the challenge is open, or its last attempt is being used. */
export async function isValid(
  { challenges }: Models,
  id: string,
  now: Date,
  session: ClientSession,
): Promise<boolean> {
  return (await challenges.exists(live(id, now)).session(session)) !== null;
}

/**
 * Ends a challenge and drops mail with its code. False if another caller ended it, or its code was replaced in the
 * meantime.
 */
export async function useUp(
  models: Models,
  { id, codeHash, now }: { id: string; codeHash: Hashed; now: Date },
  session: ClientSession,
): Promise<boolean> {
  const right = { ...live(id, now), codeHash };
  const { modifiedCount } = await models.challenges.updateOne(
    right,
    { $set: { endedAt: now } },
    { ...(session && { session }) },
  );
  if (modifiedCount === 0) return false;
  await dropMailOf(models, [id], session);
  return true;
}

/** Invalidates challenges and drops the mails with their codes. */
export async function voidChallenges(
  models: Models,
  ids: readonly string[],
  now: Date,
  session: ClientSession | null = null,
): Promise<void> {
  if (ids.length === 0) return;
  await models.challenges.updateMany(
    { _id: anyOf(ids), endedAt: null },
    { $set: { endedAt: now } },
    { ...(session && { session }) },
  );
  await dropMailOf(models, ids, session);
}

/** Invalidates every challenge of this purpose that was sent to the address. */
export async function voidAllOf(
  models: Models,
  { email, purpose, now }: { email: string; purpose: ChallengePurpose; now: Date },
  session: ClientSession,
): Promise<void> {
  const open = await models.challenges
    .find({ email, purpose, endedAt: null }, { _id: 1 }, { session })
    .lean();
  await voidChallenges(
    models,
    open.map(({ _id }) => _id),
    now,
    session,
  );
}

/** Invalidates every challenge about this sign-up or account, to whichever address its code was sent. */
export async function voidAllAbout(
  models: Models,
  subjectId: string,
  now: Date,
  session: ClientSession,
): Promise<void> {
  const open = await models.challenges
    .find({ subjectId, endedAt: null }, { _id: 1 }, { session })
    .lean();
  await voidChallenges(
    models,
    open.map(({ _id }) => _id),
    now,
    session,
  );
}

type Renewal = Parameters<ChallengeStore['renewChallenge']>[0];

function renewChallenge(
  models: Models,
  { id, mail, now, ...code }: Renewal,
): Promise<Challenge | null> {
  return transaction(models, id, async (session) => {
    const renewed = await models.challenges
      .findOneAndUpdate(
        { ...live(id, now), attemptsLeft: moreThan(0) },
        {
          $set: {
            codeHash: code.codeHash,
            attemptsLeft: code.attemptsLeft,
            expiresAt: code.expiresAt,
            sentAt: now,
          },
        },
        { returnDocument: 'after', session },
      )
      .lean();
    if (!renewed) return null;
    await dropMailOf(models, [id], session);
    await insertMail(models, mail, session);
    return toChallenge(renewed);
  });
}

export function challengesSection(models: Models): ChallengeStore {
  return {
    openChallenge: ({ challenge, mail }) =>
      transaction(models, challenge.id, async (session) => {
        await insertChallenge(models, challenge, session);
        await insertMail(models, mail, session);
      }),
    async findChallenge(id) {
      const found = await models.challenges.findById(id).lean();
      return found && toChallenge(found);
    },
    takeAttempt: ({ id, now }) => takeAnyAttempt(models, id, now),
    renewChallenge: (renewal) => renewChallenge(models, renewal),
  };
}
