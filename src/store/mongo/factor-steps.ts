import type { ClientSession } from 'mongoose';
import type { Hashed } from '../../records.ts';
import { maxFactors } from '../../records/two-factor.ts';
import type { Notice } from '../port/events.ts';
import type { StoppingFactorUse, FactorUse } from '../port/factors.ts';
import { documentVersion } from './documents.ts';
import { stopRecovery } from './factor-recoveries.ts';
import { scalar, lessThan, present, atOrAfter } from './filters.ts';
import type { Models } from './models.ts';

export type OfAccount = { accountId: string };

/**
 * Uses a factor, in the transaction of what it permits, and stops the recovery of lost factors. False if this use was
 * made before, or the factor does not exist.
 */
export async function spend(
  models: Models,
  spending: OfAccount & { use: StoppingFactorUse; now: Date },
  session: ClientSession,
): Promise<boolean> {
  if (!(await count(models, spending, session))) return false;
  await stopRecovery(models, spending.use.stopping, session);
  return true;
}

async function count(
  { factors, recoveryCodes }: Models,
  { accountId, use, now }: OfAccount & { use: FactorUse; now: Date },
  session: ClientSession,
): Promise<boolean> {
  if (use.kind === 'recovery-code') {
    const code = scalar(use.codeHash);
    const { modifiedCount } = await recoveryCodes.updateOne(
      { _id: accountId, hashes: code },
      { $pull: { hashes: code } },
      { session },
    );
    return modifiedCount === 1;
  }
  const counter = use.counter === 0 ? 0 : lessThan(use.counter);
  const mine = { _id: use.factorId, accountId, confirmedAt: present(), counter };
  const { matchedCount } = await factors.updateOne(
    mine,
    {
      $set: {
        counter: use.counter,
        lastUsedAt: now,
        ...(use.initializesUv && { uvInitialized: true }),
      },
    },
    { session },
  );
  return matchedCount === 1;
}

/** Removes unconfirmed factors and those confirmed at or after this time, in the transaction of an undo. */
export async function removeFactorsSince(
  models: Models,
  accountId: string,
  since: Date,
  session: ClientSession,
): Promise<void> {
  await models.factors.deleteMany(
    { accountId, $or: [{ confirmedAt: atOrAfter(since) }, { confirmedAt: null }] },
    { session },
  );
  await removeCodesOfNone(models, accountId, session);
}

/** Removes recovery codes created at or after this time. */
export async function removeCodesSince(
  { recoveryCodes }: Models,
  accountId: string,
  since: Date,
  session: ClientSession,
): Promise<void> {
  await recoveryCodes.deleteOne({ _id: accountId, createdAt: atOrAfter(since) }, { session });
}

/** Must be combined with `depend`; otherwise a factor added at the same instant is not seen. */
export async function hasFactor(
  { factors }: Models,
  accountId: string,
  session: ClientSession,
): Promise<boolean> {
  return (await factors.exists({ accountId, confirmedAt: present() }).session(session)) !== null;
}

/** Must be combined with `depend`, too. */
export async function isFull(
  { factors }: Models,
  accountId: string,
  session: ClientSession,
): Promise<boolean> {
  return (
    (await factors.countDocuments({ accountId, confirmedAt: present() }, { session })) >= maxFactors
  );
}

export async function removeCodesOfNone(
  models: Models,
  accountId: string,
  session: ClientSession,
): Promise<void> {
  if (!(await hasFactor(models, accountId, session)))
    await models.recoveryCodes.deleteOne({ _id: accountId }, { session });
}

/** One document per account, so that two first factors at the same instant conflict and one starts again. */
export async function setCodes(
  { recoveryCodes }: Models,
  accountId: string,
  hashes: readonly Hashed[],
  { event }: Notice,
  session: ClientSession,
): Promise<void> {
  const codes = { $set: { hashes, createdAt: event.at }, $setOnInsert: { v: documentVersion } };
  await recoveryCodes.updateOne({ _id: accountId }, codes, { upsert: true, session });
}
