import type { ClientSession } from 'mongoose';
import type { ClosingStore } from '../port/closing.ts';
import { isLastOperator, takeOperatorsTurn } from './account-changes.ts';
import { documentVersion } from './documents.ts';
import { isDuplicate } from './errors.ts';
import { recordEvent } from './events.ts';
import { after, atOrBefore } from './filters.ts';
import type { Models } from './models.ts';
import { keepNotice } from './notices.ts';
import { eraseOfAccounts } from './of-account.ts';
import { transaction, write } from './transaction.ts';

type Closing = Parameters<ClosingStore['closeAccount']>[0];
type Closed = Awaited<ReturnType<ClosingStore['closeAccount']>>;
type Reopening = Parameters<ClosingStore['reopenAccount']>[0];

function closeAccount(models: Models, { accountId, erasedAt, notice }: Closing): Promise<Closed> {
  const closed = transaction<Closed>(models, accountId, async (session) => {
    // Writes a new value, to conflict with a session that begins at the same instant.
    const account = await models.accounts
      .findByIdAndUpdate(accountId, { $set: { provenFor: notice.event.id } }, { session })
      .lean();
    if (account?.operator) {
      await takeOperatorsTurn(models, session);
      if (await isLastOperator(models, accountId, session)) return 'last';
    }
    await models.closings.create(
      [{ _id: accountId, v: documentVersion, erasedAt, reopenHash: null, reopenUntil: null }],
      { session },
    );
    await models.sessions.deleteMany({ accountId }, { session });
    await keepNotice(models, notice, session);
    await recordEvent(models, notice.event, session);
    return 'closing';
  });
  return closed.catch((error: unknown) => {
    if (isDuplicate(error)) return 'unchanged';
    throw error;
  });
}

async function reopenAccount(
  models: Models,
  { tokenHash, event, now }: Reopening,
): Promise<boolean> {
  const open = { reopenHash: tokenHash, reopenUntil: after(now), erasedAt: after(now) };
  return transaction(models, tokenHash, async (session) => {
    const closing = await models.closings.findOneAndDelete(open, { session }).lean();
    if (!closing) return false;
    await recordEvent(models, { ...event, accountId: closing._id }, session);
    return true;
  });
}

async function eraseClosed(models: Models, now: Date): Promise<number> {
  const due = await models.closings.find({ erasedAt: atOrBefore(now) }, { _id: 1 }).lean();
  let erased = 0;
  for (const { _id } of due)
    if (await transaction(models, _id, (session) => erase(models, _id, now, session))) erased += 1;
  return erased;
}

/** Erases everything about the account. False if it was restored, or another process erased it. */
async function erase(
  models: Models,
  accountId: string,
  now: Date,
  session: ClientSession,
): Promise<boolean> {
  const { accounts, closings, signUps, challenges, mails, events } = models;
  const closing = await closings
    .findOneAndDelete({ _id: accountId, erasedAt: atOrBefore(now) }, { session })
    .lean();
  const account = closing && (await accounts.findByIdAndDelete(accountId, { session }).lean());
  if (!account) return false;
  const { email } = account;
  await eraseOfAccounts(models, [accountId], session);
  await signUps.deleteMany({ email }, { session });
  await challenges.deleteMany({ $or: [{ email }, { subjectId: accountId }] }, { session });
  await mails.deleteMany({ to: email }, { session });
  const nowhere = { $set: { address: '', device: '', target: null } };
  await events.updateMany(
    { $or: [{ accountId }, { actorId: accountId }, { target: email }] },
    nowhere,
    { session },
  );
  return true;
}

export function closingSection(models: Models): ClosingStore {
  return {
    closeAccount: (input) => closeAccount(models, input),
    offerReopening: ({ accountId, tokenHash, expiresAt }) =>
      write(models, accountId, async (session) => {
        const offer = { $set: { reopenHash: tokenHash, reopenUntil: expiresAt } };
        return (
          (await models.closings.findByIdAndUpdate(accountId, offer, { session }).lean())
            ?.erasedAt ?? null
        );
      }),
    reopenAccount: (input) => reopenAccount(models, input),
    eraseClosed: (now) => eraseClosed(models, now),
  };
}
