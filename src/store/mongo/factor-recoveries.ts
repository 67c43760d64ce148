import type { ClientSession } from 'mongoose';
import type { FactorRecovery } from '../../records/two-factor.ts';
import type { Notice } from '../port/events.ts';
import type { FactorRecoveryStore } from '../port/factor-recoveries.ts';
import { isOpen } from './challenges.ts';
import { depend } from './depend.ts';
import { documentVersion, toFactorRecovery } from './documents.ts';
import { recordEvent } from './events.ts';
import { after, atOrBefore, present } from './filters.ts';
import type { Models } from './models.ts';
import { keepNotice } from './notices.ts';
import { transaction } from './transaction.ts';

type Opening = Parameters<FactorRecoveryStore['openFactorRecovery']>[0];

export async function isRecoveryOpen(
  { factorRecoveries }: Models,
  accountId: string,
  now: Date,
  session: ClientSession,
): Promise<boolean> {
  return (
    (await factorRecoveries
      .exists({
        _id: accountId,
        usedAt: null,
        stoppedAt: null,
        opensAt: atOrBefore(now),
        closesAt: after(now),
      })
      .session(session)) !== null
  );
}

/** Uses an open recovery: removes every factor, code and session. */
export async function recoverFactors(
  models: Models,
  accountId: string,
  now: Date,
  session: ClientSession,
): Promise<void> {
  const { factorRecoveries, factors, recoveryCodes, sessions } = models;
  await factorRecoveries.updateOne({ _id: accountId }, { $set: { usedAt: now } }, { session });
  await factors.deleteMany({ accountId }, { session });
  await recoveryCodes.deleteOne({ _id: accountId }, { session });
  await sessions.deleteMany({ accountId }, { session });
}

/**
 * Stops a waiting recovery, records it and notifies the owner. Must be called in the transaction that shows that the
 * factors are not lost.
 */
export async function stopRecovery(
  models: Models,
  stopping: Notice,
  session: ClientSession,
): Promise<void> {
  const { accountId, at } = stopping.event;
  const waiting = { _id: accountId, usedAt: null, stoppedAt: null, closesAt: after(at) };
  const { matchedCount } = await models.factorRecoveries.updateOne(
    waiting,
    { $set: { stoppedAt: at } },
    { session },
  );
  if (matchedCount === 0) return;
  await recordEvent(models, stopping.event, session);
  await keepNotice(models, stopping, session);
}

/** As `stopRecovery`, for an added factor. Deletes a recovery that was used. */
export async function stopRecoveryByNewFactor(
  models: Models,
  stopping: Notice,
  session: ClientSession,
): Promise<void> {
  await models.factorRecoveries.deleteOne(
    { _id: stopping.event.accountId, usedAt: present() },
    { session },
  );
  await stopRecovery(models, stopping, session);
}

/**
 * Must be called in the transaction that changes the password: the first factor that started the recovery is no longer
 * valid.
 */
export async function removeRecovery(
  { factorRecoveries }: Models,
  accountId: string,
  session: ClientSession,
): Promise<void> {
  await factorRecoveries.deleteOne({ _id: accountId }, { session });
}

function openFactorRecovery(
  models: Models,
  { recovery, challengeId, notice, now }: Opening,
): Promise<FactorRecovery | null> {
  const { accountId, ...rest } = recovery;
  return transaction(models, accountId, async (session) => {
    if (!(await stands(models, { accountId, challengeId, by: notice.event.id, now }, session)))
      return null;
    const found = await models.factorRecoveries.findById(accountId, null, { session }).lean();
    const waiting = found && toFactorRecovery(found);
    if (waiting && waiting.usedAt === null && waiting.stoppedAt === null && waiting.closesAt > now)
      return waiting;
    await removeRecovery(models, accountId, session);
    await models.factorRecoveries.create([{ _id: accountId, v: documentVersion, ...rest }], {
      session,
    });
    await keepNotice(models, notice, session);
    await recordEvent(models, notice.event, session);
    return recovery;
  });
}

/**
 * Whether this challenge has a pending sign-in for which a factor is due. Depends on the account, so it conflicts with
 * a change that stops a recovery at the same instant.
 */
async function stands(
  models: Models,
  {
    accountId,
    challengeId,
    by,
    now,
  }: { accountId: string; challengeId: string; by: string; now: Date },
  session: ClientSession,
): Promise<boolean> {
  if (!(await isOpen(models, challengeId, now, session))) return false;
  const pending = await models.pendingSignIns
    .findOne({ _id: challengeId, accountId }, null, { session })
    .lean();
  if (!pending) return false;
  const { provenHash } = pending;
  if (
    !(await depend(
      models,
      { _id: accountId, ...(provenHash !== null && { passwordHash: provenHash }) },
      by,
      session,
    ))
  )
    return false;
  return (
    (await models.factors.exists({ accountId, confirmedAt: present() }).session(session)) !== null
  );
}

function stopFactorRecovery(models: Models, stopping: Notice): Promise<boolean> {
  const { accountId, at } = stopping.event;
  return transaction(models, accountId, async (session) => {
    const stoppable = { _id: accountId, usedAt: null, closesAt: after(at) };
    if ((await models.factorRecoveries.exists(stoppable).session(session)) === null) return false;
    await stopRecovery(models, stopping, session);
    return true;
  });
}

export function factorRecoveriesSection(models: Models): FactorRecoveryStore {
  return {
    openFactorRecovery: (input) => openFactorRecovery(models, input),
    async findFactorRecovery(accountId) {
      const found = await models.factorRecoveries.findById(accountId).lean();
      return found && toFactorRecovery(found);
    },
    stopFactorRecovery: (input) => stopFactorRecovery(models, input),
  };
}
