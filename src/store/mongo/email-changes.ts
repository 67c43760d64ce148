import type { ClientSession } from 'mongoose';
import { type Account, type Challenge, challengePurposes } from '../../records.ts';
import { domainOf, contestedKey } from '../keys.ts';
import type { AccountChangeStore } from '../port/account-changes.ts';
import { takeAttempt, useUp, voidAllOf } from './challenges.ts';
import { toAccount } from './documents.ts';
import { isDuplicate } from './errors.ts';
import { recordEvent } from './events.ts';
import type { Models } from './models.ts';
import { keepNotice, voidUndosAfterReturn, endUndosBy } from './notices.ts';
import { closeSignUps } from './sign-ups.ts';
import { transaction } from './transaction.ts';

export type Moving = Parameters<AccountChangeStore['redeemEmailChange']>[0];

export type Moved = Awaited<ReturnType<AccountChangeStore['redeemEmailChange']>>;

export async function isTaken(
  { accounts }: Models,
  email: string,
  session: ClientSession,
): Promise<boolean> {
  return (await accounts.exists({ email }).session(session)) !== null;
}

/** Sets the account’s address and closes all sign-ups of it. `null`: there is no such account. */
export async function readdress(
  models: Models,
  { accountId, email, now }: { accountId: string; email: string; now: Date },
  session: ClientSession,
): Promise<Account | null> {
  const address = { $set: { email, domain: domainOf(email), restoring: null } };
  const moved = await models.accounts
    .findByIdAndUpdate(accountId, address, { returnDocument: 'after', session })
    .lean();
  await closeSignUps(models, email, now, session);
  return moved && toAccount(moved);
}

/** The account waits for this address, which another account has. Until then no address finds the account. */
export async function contest(
  { accounts }: Models,
  { accountId, email }: { accountId: string; email: string },
  session: ClientSession,
): Promise<void> {
  const kept = { email: contestedKey(email, accountId), domain: domainOf(email), restoring: email };
  await accounts.updateOne({ _id: accountId }, { $set: kept }, { session });
}

export async function redeemEmailChange(models: Models, input: Moving): Promise<Moved> {
  const challenge = await takeAttempt(models, input.challengeId, 'change-email', input.now);
  if (!challenge) return { kind: 'over' };
  if (challenge.codeHash !== input.codeHash)
    return { kind: 'wrong', attemptsLeft: challenge.attemptsLeft };
  const moved = transaction(models, challenge.subjectId ?? challenge.id, (session) =>
    move(models, challenge, input, session),
  );
  return moved.catch((error: unknown) => {
    // Another account took the address after this transaction read it.
    if (isDuplicate(error)) return { kind: 'taken' };
    throw error;
  });
}

async function move(
  models: Models,
  { id, codeHash, subjectId, email }: Challenge,
  { notice, now }: Moving,
  session: ClientSession,
): Promise<Moved> {
  if (!(await useUp(models, { id, codeHash, now }, session))) return { kind: 'over' };
  const before =
    subjectId === null ? null : await models.accounts.findById(subjectId, null, { session }).lean();
  if (!before) return { kind: 'over' };
  if (await isTaken(models, email, session)) return { kind: 'taken' };
  // Before the change, so that the notice goes to the previous address.
  await keepNotice(models, notice, session);
  const account = await readdress(models, { accountId: before._id, email, now }, session);
  if (account === null) return { kind: 'over' };
  for (const purpose of challengePurposes)
    await voidAllOf(models, { email: before.email, purpose, now }, session);
  await voidUndosAfterReturn(models, account, now, session);
  await endUndosBy(models, account.id, notice.undo.expiresAt, session);
  await recordEvent(models, notice.event, session);
  return { kind: 'redeemed', account };
}
