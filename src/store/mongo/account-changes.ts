import type { ClientSession } from 'mongoose';
import { type Account, type Challenge, type PasswordHash } from '../../records.ts';
import { nameKeyOf } from '../keys.ts';
import type { AccountChangeStore } from '../port/account-changes.ts';
import type { Redemption } from '../port/challenges.ts';
import { takeAttempt, useUp, voidAllOf } from './challenges.ts';
import { documentVersion, toAccount, toDocument } from './documents.ts';
import { redeemEmailChange } from './email-changes.ts';
import { isDuplicate } from './errors.ts';
import { recordEvent } from './events.ts';
import { removeRecovery } from './factor-recoveries.ts';
import { not } from './filters.ts';
import type { Models } from './models.ts';
import { keepNotice } from './notices.ts';
import { transaction } from './transaction.ts';

type Change = Parameters<AccountChangeStore['changePassword']>[0];
type Renaming = Parameters<AccountChangeStore['renameAccount']>[0];
type Recovery = Parameters<AccountChangeStore['redeemRecovery']>[0];
type Completed = Awaited<ReturnType<Recovery['complete']>>;
type Appointment = Parameters<AccountChangeStore['changeOperator']>[0];
type Appointed = Awaited<ReturnType<AccountChangeStore['changeOperator']>>;
type OfAccount = { account: Account };

function changePassword(
  models: Models,
  { accountId, from, to, continued, notice }: Change,
): Promise<boolean> {
  return transaction(models, accountId, async (session) => {
    if (
      continued !== null &&
      !(await models.sessions.exists({ tokenHash: continued.from, accountId }).session(session))
    )
      return false;
    const change = { $set: { passwordHash: to } };
    const changed = await models.accounts
      .findOneAndUpdate({ _id: accountId, passwordHash: from }, change, { session })
      .lean();
    if (!changed) return false;
    await voidAllOf(
      models,
      { email: changed.email, purpose: 'recover', now: notice.event.at },
      session,
    );
    await models.sessions.deleteMany({ accountId }, { session });
    if (continued !== null)
      await models.sessions.create([toDocument(continued.session)], { session });
    await removeRecovery(models, accountId, session);
    await keepNotice(models, notice, session);
    await recordEvent(models, notice.event, session);
    return true;
  });
}

function renameAccount(
  models: Models,
  { accountId, name, event }: Renaming,
): Promise<Account | null> {
  return transaction(models, accountId, async (session) => {
    const renamed = await models.accounts
      .findByIdAndUpdate(
        accountId,
        { $set: { name, nameKey: nameKeyOf(name) } },
        { returnDocument: 'after', session },
      )
      .lean();
    if (!renamed) return null;
    await recordEvent(models, event, session);
    return toAccount(renamed);
  });
}

/** Serialises role changes, so that two operators cannot remove each other’s role at the same time. */
export async function takeOperatorsTurn(
  { deployment }: Models,
  session: ClientSession,
): Promise<void> {
  await deployment.updateOne(
    { _id: 'operators' },
    { $inc: { version: 1 }, $setOnInsert: { v: documentVersion } },
    { upsert: true, session },
  );
}

/** Whether no other operator can sign in: one that is closing cannot. Must be combined with {@link takeOperatorsTurn}. */
export async function isLastOperator(
  models: Models,
  accountId: string,
  session: ClientSession,
): Promise<boolean> {
  const others = await models.accounts
    .find({ _id: not(accountId), operator: true }, { _id: 1 }, { session })
    .lean();
  for (const { _id } of others)
    if ((await models.closings.exists({ _id }).session(session)) === null) return false;
  return true;
}

function changeOperator(
  models: Models,
  { accountId, operator, notice }: Appointment,
): Promise<Appointed> {
  const { accounts, sessions } = models;
  const change = (): Promise<Appointed> =>
    transaction<Appointed>(models, 'operators', async (session) => {
      await takeOperatorsTurn(models, session);
      const { actorId } = notice.event;
      if (
        actorId === null ||
        !(await accounts.exists({ _id: actorId, operator: true }).session(session))
      )
        return 'refused';
      if (!(await accounts.exists({ _id: accountId, operator: !operator }).session(session)))
        return 'unchanged';
      if (!operator && (await isLastOperator(models, accountId, session))) return 'last';
      await accounts.updateOne({ _id: accountId }, { $set: { operator } }, { session });
      if (operator) await sessions.deleteMany({ accountId }, { session });
      await keepNotice(models, notice, session);
      await recordEvent(models, notice.event, session);
      return 'changed';
    });
  return change().catch((error: unknown) => {
    // Another process created the document at the same time.
    if (!isDuplicate(error)) throw error;
    return change();
  });
}

/**
 * Ends all sessions and pending sign-ins, and forgets all devices. `null`: the account is gone or has another address.
 * `by` is a unique name of this change: see `depend`.
 */
async function secureAccount(
  models: Models,
  {
    accountId,
    email,
    passwordHash,
    by,
    now,
  }: { accountId: string; email: string; passwordHash: PasswordHash; by: string; now: Date },
  session: ClientSession,
): Promise<Account | null> {
  const { accounts, sessions, devices } = models;
  const change = { $set: { passwordHash, provenFor: by } };
  const secured = await accounts
    .findOneAndUpdate({ _id: accountId, email }, change, { returnDocument: 'after', session })
    .lean();
  if (!secured) return null;
  await sessions.deleteMany({ accountId }, { session });
  await devices.deleteMany({ accountId }, { session });
  await removeRecovery(models, accountId, session);
  const account = toAccount(secured);
  await voidAllOf(models, { email: account.email, purpose: 'second-factor', now }, session);
  return account;
}

async function redeemRecovery(models: Models, input: Recovery): Promise<Redemption<OfAccount>> {
  const challenge = await takeAttempt(models, input.challengeId, 'recover', input.now);
  if (!challenge) return { kind: 'over' };
  if (challenge.codeHash !== input.codeHash)
    return { kind: 'wrong', attemptsLeft: challenge.attemptsLeft };
  const owner =
    challenge.subjectId === null
      ? null
      : await models.accounts.findById(challenge.subjectId).lean();
  const completed = owner && (await input.complete(toAccount(owner)));
  return transaction(models, challenge.subjectId ?? challenge.id, (session) =>
    recover(models, challenge, { completed, now: input.now }, session),
  );
}

async function recover(
  models: Models,
  { id, codeHash, subjectId, email }: Challenge,
  { completed, now }: { completed: Completed | null; now: Date },
  session: ClientSession,
): Promise<Redemption<OfAccount>> {
  if (!(await useUp(models, { id, codeHash, now }, session))) return { kind: 'over' };
  if (completed === null || subjectId === null) return { kind: 'over' };
  const { passwordHash, notice } = completed;
  const account = await secureAccount(
    models,
    { accountId: subjectId, email, passwordHash, by: id, now },
    session,
  );
  if (account === null) return { kind: 'over' };
  await voidAllOf(models, { email: account.email, purpose: 'recover', now }, session);
  await keepNotice(models, notice, session);
  await recordEvent(models, notice.event, session);
  return { kind: 'redeemed', account };
}

export function accountChangesSection(models: Models): AccountChangeStore {
  return {
    changePassword: (input) => changePassword(models, input),
    renameAccount: (input) => renameAccount(models, input),
    changeOperator: (input) => changeOperator(models, input),
    redeemEmailChange: (input) => redeemEmailChange(models, input),
    redeemRecovery: (input) => redeemRecovery(models, input),
  };
}
