import type { ClientSession } from 'mongoose';
import type { Account, Challenge, SignUp } from '../../records.ts';
import { domainOf, nameKeyOf } from '../keys.ts';
import type { AccountStore } from '../port/accounts.ts';
import type { Redemption } from '../port/challenges.ts';
import { insertChallenge, takeAttempt, useUp, voidAllOf, voidChallenges } from './challenges.ts';
import { toDocument, toSignUp } from './documents.ts';
import { isDuplicate } from './errors.ts';
import { recordEvent } from './events.ts';
import { after } from './filters.ts';
import { insertMail } from './mail.ts';
import type { Models } from './models.ts';
import { transaction } from './transaction.ts';

type Opening = Parameters<AccountStore['openSignUp']>[0];
type Reopening = Parameters<AccountStore['reopenSignUp']>[0];
type Redeeming = Parameters<AccountStore['redeemSignUp']>[0];

const newestFirst = { createdAt: -1, _id: -1 } as const;

export async function openSignUp(
  models: Models,
  { signUp, challenge, mail, keep }: Opening,
): Promise<void> {
  await transaction(models, signUp.id, async (session) => {
    await models.signUps.create([{ ...toDocument(signUp), domain: domainOf(signUp.email) }], {
      session,
    });
    await insertChallenge(models, challenge, session);
    await insertMail(models, mail, session);
  });
  await closeSurplus(models, signUp.email, keep, signUp.createdAt);
}

/**
 * After the transaction, because concurrent sign-ups do not see each other inside it; the last call sees them all.
 * Removes the sign-up last, so that the next call completes one that was interrupted.
 */
async function closeSurplus(models: Models, email: string, keep: number, now: Date): Promise<void> {
  const surplus = await models.signUps
    .find({ email }, { challengeId: 1 }, { sort: newestFirst, skip: keep })
    .lean();
  await voidChallenges(
    models,
    surplus.map(({ challengeId }) => challengeId),
    now,
  );
  for (const { _id } of surplus) await models.signUps.deleteOne({ _id });
}

export async function newestSignUp(
  { signUps }: Models,
  email: string,
  now: Date,
): Promise<SignUp | null> {
  const newest = await signUps
    .findOne({ email, expiresAt: after(now) }, null, { sort: newestFirst })
    .lean();
  return newest && toSignUp(newest);
}

export function reopenSignUp(
  models: Models,
  { signUpId, challenge, mail }: Reopening,
): Promise<boolean> {
  return transaction(models, signUpId, async (session) => {
    const before = await models.signUps
      .findOneAndUpdate(
        { _id: signUpId, expiresAt: after(challenge.sentAt) },
        { $set: { challengeId: challenge.id } },
        { returnDocument: 'before', session },
      )
      .lean();
    if (!before) return false;
    await voidChallenges(models, [before.challengeId], challenge.sentAt, session);
    await insertChallenge(models, challenge, session);
    await insertMail(models, mail, session);
    return true;
  });
}

export async function insertAccount(
  { accounts }: Models,
  account: Account,
  session: ClientSession,
): Promise<void> {
  await accounts.create(
    [{ ...toDocument(account), domain: domainOf(account.email), nameKey: nameKeyOf(account.name) }],
    { session },
  );
}

/** Invalidates all sign-ups and codes of this address. */
export async function closeSignUps(
  models: Models,
  email: string,
  now: Date,
  session: ClientSession,
): Promise<void> {
  await voidAllOf(models, { email, purpose: 'verify-email', now }, session);
  await models.signUps.deleteMany({ email }, { session });
}

export async function redeemSignUp(
  models: Models,
  input: Redeeming,
): Promise<Redemption<{ account: Account }>> {
  const challenge = await takeAttempt(models, input.challengeId, 'verify-email', input.now);
  if (!challenge) return { kind: 'over' };
  if (challenge.codeHash !== input.codeHash)
    return { kind: 'wrong', attemptsLeft: challenge.attemptsLeft };
  try {
    return await transaction(models, challenge.email, (session) =>
      redeem(models, challenge, input, session),
    );
  } catch (error) {
    // Another sign-up or sign-in created an account of the address after this transaction read it.
    if (isDuplicate(error)) return { kind: 'over' };
    throw error;
  }
}

async function redeem(
  models: Models,
  { id, codeHash, subjectId, email }: Challenge,
  { accountId, event, now }: Redeeming,
  session: ClientSession,
): Promise<Redemption<{ account: Account }>> {
  if (!(await useUp(models, { id, codeHash, now }, session))) return { kind: 'over' };
  if (subjectId === null) return { kind: 'over' };
  const signUp = await models.signUps
    .findOne({ _id: subjectId, expiresAt: after(now) }, null, { session })
    .lean();
  if (!signUp || (await models.accounts.exists({ email: signUp.email }).session(session)))
    return { kind: 'over' };
  const { name, passwordHash } = toSignUp(signUp);
  const account: Account = {
    id: accountId,
    email: signUp.email,
    name,
    passwordHash,
    operator: false,
    createdAt: now,
  };
  await insertAccount(models, account, session);
  await closeSignUps(models, email, now, session);
  await recordEvent(models, event, session);
  return { kind: 'redeemed', account };
}
