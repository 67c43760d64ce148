import type { ClientSession } from 'mongoose';
import type { SecurityEvent, Session } from '../../records.ts';
import type { Notice } from '../port/events.ts';
import type { SessionStore } from '../port/sessions.ts';
import { batched } from './batch.ts';
import { deviceId, insertSession } from './begin-session.ts';
import { depend } from './depend.ts';
import type { AccountDocument, SessionDocument } from './document-types.ts';
import { toAccount, toSession } from './documents.ts';
import { recordEvent } from './events.ts';
import { enrolmentRequiredFrom } from './factor-rule.ts';
import { hasFactor, spend } from './factor-steps.ts';
import { after, anyOf, not, scalar } from './filters.ts';
import { isConnected } from './identities.ts';
import type { Models } from './models.ts';
import { keepNotice } from './notices.ts';
import { transaction } from './transaction.ts';

type SessionOfAccount = SessionDocument & { account: AccountDocument[] };
const maxInOneQuery = 200;

/** Bypasses Mongoose, because every request calls it. Reads the second-factor rule concurrently. */
function makeFindSession(models: Models): SessionStore['findSession'] {
  const { sessions, accounts } = models;
  const account = {
    from: accounts.collection.name,
    localField: 'accountId',
    foreignField: '_id',
    as: 'account',
  };
  const find = batched(async (tokenHashes) => {
    const $match = { tokenHash: { $in: tokenHashes } };
    const found = await sessions.collection
      .aggregate<SessionOfAccount>([{ $match }, { $lookup: account }])
      .toArray();
    const required = await enrolmentRequiredFrom(
      models,
      found.flatMap((each) => each.account),
    );
    return new Map(
      found.map((each) => [
        each.tokenHash as string,
        { ...each, enrolmentRequiredFrom: required.get(each.accountId) ?? null },
      ]),
    );
  }, maxInOneQuery);

  return async (tokenHash) => {
    const found = await find(scalar(tokenHash));
    if (!found || found.account.length === 0) return null;
    return {
      session: toSession(found),
      account: toAccount(found.account[0]),
      enrolmentRequiredFrom: found.enrolmentRequiredFrom,
    };
  };
}

async function listSessions(
  { sessions }: Models,
  accountId: string,
  now: Date,
): Promise<Session[]> {
  const found = await sessions
    .find({ accountId, expiresAt: after(now) }, null, { sort: { lastUsedAt: -1, _id: -1 } })
    .lean();
  return found
    .map(toSession)
    .filter(({ lastUsedAt, idle }) => lastUsedAt.getTime() + idle > now.getTime());
}

type Confirming = Parameters<SessionStore['confirmSession']>[0];

function confirmSession(
  models: Models,
  { accountId, id, from, to, by, at, event }: Confirming,
): ReturnType<SessionStore['confirmSession']> {
  return transaction(models, id, async (session) => {
    const required = { _id: id, tokenHash: from };
    if ((await models.sessions.exists(required).session(session)) === null) return 'gone';
    const failure = await confirmationFailure(
      models,
      { accountId, by, at, eventId: event.id },
      session,
    );
    if (failure !== null) return failure;
    await models.sessions.updateOne(
      required,
      { $set: { tokenHash: to, confirmedAt: at } },
      { session },
    );
    await recordEvent(models, event, session);
    return 'confirmed';
  });
}

/** Depends on the account without a factor: conflicts with a new factor or password at the same instant. */
async function confirmationFailure(
  models: Models,
  { accountId, by, at, eventId }: Pick<Confirming, 'accountId' | 'by' | 'at'> & { eventId: string },
  session: ClientSession,
): Promise<'factor-spent' | 'factor-due' | 'unproven' | null> {
  if (by.kind === 'factor' || by.kind === 'recovery-code')
    return (await spend(models, { accountId, use: by, now: at }, session)) ? null : 'factor-spent';
  const condition = { _id: accountId, ...(by.kind === 'password' && { passwordHash: by.hash }) };
  const isThere = await depend(models, condition, eventId, session);
  if (await hasFactor(models, accountId, session)) return 'factor-due';
  const isProven =
    isThere &&
    (by.kind === 'password' ||
      (await isConnected(
        models,
        { accountId, provider: by.provider, issuer: by.issuer, subject: by.subject },
        session,
      )));
  return isProven ? null : 'unproven';
}

/** Returns the number of ended sessions. The event is recorded if there was one. */
function endSessions(
  models: Models,
  ended: { accountId: string; _id: string | { $ne: string } },
  event: SecurityEvent,
): Promise<number> {
  return transaction(models, ended.accountId, async (session) => {
    const { deletedCount } = await models.sessions.deleteMany(ended, { session });
    if (deletedCount > 0) await recordEvent(models, event, session);
    return deletedCount;
  });
}

function endAllSessions(models: Models, accountId: string, notice: Notice): Promise<number> {
  return transaction(models, accountId, async (session) => {
    const { deletedCount } = await models.sessions.deleteMany({ accountId }, { session });
    if (deletedCount === 0) return 0;
    await recordEvent(models, notice.event, session);
    await keepNotice(models, notice, session);
    return deletedCount;
  });
}

export function sessionsSection(models: Models): SessionStore {
  const { sessions, devices } = models;
  return {
    insertSession: (session, also) => insertSession(models, session, also),
    findSession: makeFindSession(models),
    async touchSession(id, at) {
      await sessions.updateOne({ _id: id }, { $max: { lastUsedAt: at } });
    },
    confirmSession: (input) => confirmSession(models, input),
    listSessions: (accountId, now) => listSessions(models, accountId, now),
    endSession: async ({ accountId, id, event }) =>
      (await endSessions(models, { accountId, _id: id }, event)) === 1,
    endOtherSessions: ({ accountId, keepId, event }) =>
      endSessions(models, { accountId, _id: not(keepId) }, event),
    endAllSessions: ({ accountId, notice }) => endAllSessions(models, accountId, notice),
    async deviceCookies({ hashes, accountId, now }) {
      const ids = hashes.map((hash) => deviceId(hash, accountId));
      const found = await devices
        .find({ _id: anyOf(ids), expiresAt: after(now) }, null, {
          sort: { firstUsedAt: 1, _id: 1 },
        })
        .lean();
      const known = new Map(hashes.map((hash) => [deviceId(hash, accountId), hash]));
      return found.flatMap(({ _id, firstUsedAt, replacedAt, shared }) => {
        const hash = known.get(_id);
        return hash === undefined ? [] : [{ hash, firstUsedAt, replacedAt, shared }];
      });
    },
  };
}
