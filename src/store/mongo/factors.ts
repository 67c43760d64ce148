import type { ClientSession } from 'mongoose';
import type { Factor } from '../../records/two-factor.ts';
import type { EnrollingSession, FactorStore } from '../port/factors.ts';
import { insertChallenge } from './challenges.ts';
import { depend } from './depend.ts';
import { documentVersion, toDocument, toFactor, toPendingSignIn } from './documents.ts';
import { isDuplicate } from './errors.ts';
import { recordEvent } from './events.ts';
import { stopRecoveryByNewFactor } from './factor-recoveries.ts';
import { hasFactor, isFull, removeCodesOfNone, setCodes } from './factor-steps.ts';
import { after, not, present } from './filters.ts';
import type { Models } from './models.ts';
import { keepNotice } from './notices.ts';
import { transaction, write } from './transaction.ts';

type Confirmation = Parameters<FactorStore['confirmFactor']>[0];
type Addition = Parameters<FactorStore['addPasskey']>[0];
type Replacement = Parameters<FactorStore['replaceRecoveryCodes']>[0];
type Removal = Parameters<FactorStore['removeFactor']>[0];

async function factorsOf(
  { factors, recoveryCodes }: Models,
  accountId: string,
): ReturnType<FactorStore['factorsOf']> {
  const [found, codes] = await Promise.all([
    factors
      .find({ accountId, confirmedAt: present() }, null, { sort: { createdAt: 1, _id: 1 } })
      .lean(),
    recoveryCodes.findById(accountId).lean(),
  ]);
  return { factors: found.map(toFactor), recoveryCodesLeft: codes?.hashes.length ?? 0 };
}

function openFactor(models: Models, factor: Factor): Promise<void> {
  return transaction(models, factor.accountId, async (session) => {
    await models.factors.deleteMany(
      { accountId: factor.accountId, confirmedAt: null },
      { session },
    );
    await models.factors.create([toDocument(factor)], { session });
  });
}

async function isThere(
  { sessions }: Models,
  accountId: string,
  { id, from }: EnrollingSession,
  session: ClientSession,
): Promise<boolean> {
  return (await sessions.exists({ _id: id, accountId, tokenHash: from }).session(session)) !== null;
}

/**
 * The session in which a factor is added, in that transaction. `confirmedAt` is set for the account’s first factor;
 * `null` if it had one.
 */
async function continueEnrolling(
  { sessions }: Models,
  accountId: string,
  { id, to, keepOthers }: EnrollingSession,
  confirmedAt: Date | null,
  session: ClientSession,
): Promise<void> {
  await sessions.updateOne(
    { _id: id },
    { $set: { tokenHash: to, ...(confirmedAt && { confirmedAt }) } },
    { session },
  );
  if (confirmedAt === null) return;
  const others = { accountId, _id: not(id) };
  if (keepOthers)
    await sessions.updateMany(
      others,
      { $min: { confirmedAt: new Date(confirmedAt.getTime() - 1) } },
      { session },
    );
  else await sessions.deleteMany(others, { session });
}

function confirmFactor(
  models: Models,
  {
    accountId,
    id,
    counter,
    recoveryCodes,
    session: enrolling,
    notice,
    stopping,
    now,
  }: Confirmation,
): ReturnType<FactorStore['confirmFactor']> {
  return transaction(models, accountId, async (session) => {
    if (enrolling !== null && !(await isThere(models, accountId, enrolling, session))) return null;
    await depend(models, { _id: accountId }, notice.event.id, session);
    if (await isFull(models, accountId, session)) return 'too-many';
    const isFirst = !(await hasFactor(models, accountId, session));
    const confirmed = { $set: { confirmedAt: now, lastUsedAt: now, counter } };
    const { matchedCount } = await models.factors.updateOne(
      { _id: id, accountId, confirmedAt: null },
      confirmed,
      { session },
    );
    if (matchedCount === 0) return null;
    if (isFirst) await setCodes(models, accountId, recoveryCodes, notice, session);
    if (enrolling !== null)
      await continueEnrolling(models, accountId, enrolling, isFirst ? now : null, session);
    await stopRecoveryByNewFactor(models, stopping, session);
    await recordEvent(models, notice.event, session);
    await keepNotice(models, notice, session);
    return { isFirst };
  });
}

async function addPasskey(
  models: Models,
  { factor, recoveryCodes, session: enrolling, notice, stopping }: Addition,
): ReturnType<FactorStore['addPasskey']> {
  const { accountId } = factor;
  const added = transaction(models, accountId, async (session) => {
    if (enrolling !== null && !(await isThere(models, accountId, enrolling, session))) return null;
    await depend(models, { _id: accountId }, notice.event.id, session);
    if (await isFull(models, accountId, session)) return 'too-many';
    const isFirst = !(await hasFactor(models, accountId, session));
    await models.factors.create([toDocument(factor)], { session });
    if (isFirst) await setCodes(models, accountId, recoveryCodes, notice, session);
    if (enrolling !== null)
      await continueEnrolling(
        models,
        accountId,
        enrolling,
        isFirst ? notice.event.at : null,
        session,
      );
    await stopRecoveryByNewFactor(models, stopping, session);
    await recordEvent(models, notice.event, session);
    await keepNotice(models, notice, session);
    return { isFirst };
  });
  return added.catch((error: unknown) => {
    if (isDuplicate(error)) return null;
    throw error;
  });
}

function replaceRecoveryCodes(
  models: Models,
  { accountId, recoveryCodes, notice }: Replacement,
): Promise<boolean> {
  return transaction(models, accountId, async (session) => {
    if (!(await hasFactor(models, accountId, session))) return false;
    await setCodes(models, accountId, recoveryCodes, notice, session);
    await recordEvent(models, notice.event, session);
    await keepNotice(models, notice, session);
    return true;
  });
}

function removeFactor(models: Models, { accountId, id, notice }: Removal): Promise<boolean> {
  return transaction(models, accountId, async (session) => {
    // Of two factors removed at the same instant, the later transaction sees one left, and removes the codes with it.
    await depend(models, { _id: accountId }, notice.event.id, session);
    const { deletedCount } = await models.factors.deleteOne(
      { _id: id, accountId, confirmedAt: present() },
      { session },
    );
    if (deletedCount === 0) return false;
    await removeCodesOfNone(models, accountId, session);
    await recordEvent(models, notice.event, session);
    await keepNotice(models, notice, session);
    return true;
  });
}

export function factorsSection(models: Models): FactorStore {
  const { factors, pendingSignIns, ceremonies } = models;
  return {
    openSecondFactor: ({ challenge, pending }) =>
      transaction(models, pending.accountId, async (session) => {
        await insertChallenge(models, challenge, session);
        await pendingSignIns.create([toDocument(pending)], { session });
      }),
    async findPendingSignIn(challengeId) {
      const found = await pendingSignIns.findById(challengeId).lean();
      return found && toPendingSignIn(found);
    },
    factorsOf: (accountId) => factorsOf(models, accountId),
    async findFactor({ accountId, id }) {
      const found = await factors.findOne({ _id: id, accountId }).lean();
      return found && toFactor(found);
    },
    async findPasskey(credentialId) {
      const found = await factors.findOne({ credentialId }).lean();
      return found && toFactor(found);
    },
    openFactor: (factor) => openFactor(models, factor),
    confirmFactor: (input) => confirmFactor(models, input),
    addPasskey: (input) => addPasskey(models, input),
    replaceRecoveryCodes: (input) => replaceRecoveryCodes(models, input),
    removeFactor: (input) => removeFactor(models, input),
    openCeremony: ({ challengeHash, ...rest }) =>
      write(models, challengeHash, async (session) => {
        await ceremonies.create([{ _id: challengeHash, v: documentVersion, ...rest }], { session });
      }),
    takeCeremony: ({ challengeHash, purpose, now }) =>
      write(models, challengeHash, async (session) => {
        const taken = await ceremonies
          .findOneAndDelete({ _id: challengeHash, purpose, expiresAt: after(now) }, { session })
          .lean();
        return taken && { subjectId: taken.subjectId };
      }),
  };
}
