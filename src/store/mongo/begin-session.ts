import type { ClientSession } from 'mongoose';
import type { Hashed, Session, PasswordHash } from '../../records.ts';
import type { SessionStore, Begun } from '../port/sessions.ts';
import { isValid, voidChallenges } from './challenges.ts';
import { depend } from './depend.ts';
import { toDocument, documentVersion } from './documents.ts';
import { isDuplicate } from './errors.ts';
import { recordEvent } from './events.ts';
import { isRecoveryOpen, recoverFactors } from './factor-recoveries.ts';
import { spend, hasFactor } from './factor-steps.ts';
import { anyOf } from './filters.ts';
import { isConnected } from './identities.ts';
import type { Models } from './models.ts';
import { keepNotice } from './notices.ts';
import { transaction } from './transaction.ts';

export type Also = Parameters<SessionStore['insertSession']>[1];

export function deviceId(device: Hashed, accountId: string): string {
  return `${device}:${accountId}`;
}

/**
 * The device is stored in the same transaction; a device known without its notice would never be reported to the owner.
 * Of two sessions that begin on a new device at the same time, the later one may conflict, and starts again with a
 * known device.
 */
export async function insertSession(models: Models, session: Session, also: Also): Promise<Begun> {
  const begin = (): Promise<Begun> =>
    transaction(models, session.accountId, (atomically) =>
      keepSession(models, session, also, atomically),
    );
  const begun = await begin().catch((error: unknown) => {
    if (!isDuplicate(error)) throw error;
    return begin();
  });
  if (begun === 'begun') await endSurplus(models, session.accountId, also.keep);
  return begun;
}

async function keepSession(
  models: Models,
  record: Session,
  also: Also,
  session: ClientSession,
): Promise<Begun> {
  const { replacing, device, provenHash, provenIdentity, factor, recovered, event, notice } = also;
  const { accountId, createdAt } = record;
  if (!(await isStillProven(models, record, provenHash, session))) return 'password-changed';
  if (
    provenIdentity !== null &&
    !(await isConnected(models, { accountId, ...provenIdentity }, session))
  )
    return 'provider-disconnected';
  const { challengeId = null, use = null } = typeof factor === 'object' ? factor : {};
  if (challengeId !== null && !(await isValid(models, challengeId, createdAt, session)))
    return 'challenge-over';
  if (use !== null && !(await spend(models, { accountId, use, now: createdAt }, session)))
    return 'factor-spent';
  if (factor === 'none' && (await hasFactor(models, accountId, session))) return 'factor-due';
  if (recovered && !(await isRecoveryOpen(models, accountId, createdAt, session)))
    return 'recovery-over';
  if (challengeId !== null) await voidChallenges(models, [challengeId], createdAt, session);
  if (await models.closings.exists({ _id: accountId }).session(session)) return 'account-closing';
  if (recovered) await recoverFactors(models, accountId, createdAt, session);
  await replaceDeviceCookies(models, record, device, session);
  await models.sessions.create([toDocument(record)], { session });
  if (replacing !== null) await models.sessions.deleteOne({ _id: replacing }, { session });
  if (recovered) await recordEvent(models, recovered, session);
  await recordEvent(models, event, session);
  if (notice !== null) await keepNotice(models, notice, session);
  return 'begun';
}

async function replaceDeviceCookies(
  { devices }: Models,
  { accountId, createdAt, deviceFirstUsedAt }: Session,
  device: Also['device'],
  session: ClientSession,
): Promise<void> {
  const replaced = {
    _id: anyOf(device.replaces.map((hash) => deviceId(hash, accountId))),
    replacedAt: null,
  };
  if (device.replaces.length > 0)
    await devices.updateMany(
      replaced,
      { $set: { replacedAt: createdAt }, $min: { expiresAt: device.outdatedUntil } },
      { session },
    );
  const known = {
    $set: {
      firstUsedAt: deviceFirstUsedAt,
      expiresAt: device.until,
      replacedAt: null,
      shared: false,
    },
    $setOnInsert: { v: documentVersion, accountId },
  };
  await devices.updateOne({ _id: deviceId(device.hash, accountId) }, known, {
    upsert: true,
    session,
  });
}

/** Depends on the account: conflicts with a changed password, factor, provider or deletion at the same instant. */
async function isStillProven(
  models: Models,
  { id, accountId }: Session,
  provenHash: PasswordHash | null,
  session: ClientSession,
): Promise<boolean> {
  const stands = await depend(
    models,
    { _id: accountId, ...(provenHash !== null && { passwordHash: provenHash }) },
    id,
    session,
  );
  return provenHash === null || stands;
}

/** After the transaction, because concurrent sessions do not see each other inside it; the last call sees them all. */
async function endSurplus({ sessions }: Models, accountId: string, keep: number): Promise<void> {
  const surplus = await sessions
    .find({ accountId }, { _id: 1 }, { sort: { createdAt: -1, _id: -1 }, skip: keep })
    .lean();
  if (surplus.length > 0) await sessions.deleteMany({ _id: anyOf(surplus.map(({ _id }) => _id)) });
}
