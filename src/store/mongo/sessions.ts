import type { Account, Hashed, Session, Store } from '../port.ts';
import { batched } from './batch.ts';
import { documentVersion, toAccount, toDocument, toSession } from './documents.ts';
import { isDuplicate } from './errors.ts';
import { after, anyOf, not, scalar } from './filters.ts';
import type { Models, SessionDocument } from './models.ts';
import { transaction } from './transaction.ts';

type SessionOfAccount = SessionDocument & { account: unknown[] };
type Also = Parameters<Store['insertSession']>[1];

const mostInOneQuery = 200;

/** Every request asks this, so it goes past Mongoose: one aggregation, sessions with their accounts. */
function makeFindSession({ sessions, accounts }: Models): Store['findSession'] {
  const account = { from: accounts.collection.name, localField: 'accountId', foreignField: '_id', as: 'account' };
  const find = batched(async (tokenHashes) => {
    const $match = { tokenHash: { $in: tokenHashes } };
    const found = await sessions.collection.aggregate<SessionOfAccount>([{ $match }, { $lookup: account }]).toArray();
    return new Map(found.map((each) => [each.tokenHash as string, each]));
  }, mostInOneQuery);

  return async (tokenHash): Promise<{ session: Session; account: Account } | null> => {
    const found = await find(scalar(tokenHash));
    if (!found || found.account.length === 0) return null;
    return { session: toSession(found), account: toAccount(found.account[0]) };
  };
}

function deviceId(device: Hashed, accountId: string): string {
  return `${device}:${accountId}`;
}

async function rememberDevice({ devices }: Models, device: Hashed, accountId: string): Promise<void> {
  try {
    const known = { $setOnInsert: { v: documentVersion, accountId } };
    await devices.updateOne({ _id: deviceId(device, accountId) }, known, { upsert: true });
  } catch (error) {
    // Somebody else has just made it known.
    if (!isDuplicate(error)) throw error;
  }
}

/** The device first: it says that the password was right, which stays true when the session fails. */
async function insertSession(models: Models, session: Session, { keep, replacing, device }: Also): Promise<void> {
  await rememberDevice(models, device, session.accountId);
  await transaction(models, session.id, async (atomically) => {
    await models.sessions.create([toDocument(session)], { session: atomically });
    if (replacing !== null) await models.sessions.deleteOne({ _id: replacing }, { session: atomically });
  });
  await endSurplus(models, session.accountId, keep);
}

/** After the transaction, because sessions that begin at once do not see each other inside it: whoever looks last sees them all. */
async function endSurplus({ sessions }: Models, accountId: string, keep: number): Promise<void> {
  const surplus = await sessions.find({ accountId }, { _id: 1 }, { sort: { createdAt: -1, _id: -1 }, skip: keep }).lean();
  if (surplus.length > 0) await sessions.deleteMany({ _id: anyOf(surplus.map(({ _id }) => _id)) });
}

async function listSessions({ sessions }: Models, accountId: string, now: Date): Promise<Session[]> {
  const found = await sessions.find({ accountId, expiresAt: after(now) }, null, { sort: { lastUsedAt: -1, _id: -1 } }).lean();
  return found.map(toSession).filter(({ lastUsedAt, idle }) => lastUsedAt.getTime() + idle > now.getTime());
}

export function sessionsSection(models: Models): Pick<
  Store,
  'insertSession' | 'findSession' | 'touchSession' | 'listSessions' | 'endSession' | 'endOtherSessions' | 'knowsDevice'
> {
  const { sessions, devices } = models;
  return {
    insertSession: (session, also) => insertSession(models, session, also),
    findSession: makeFindSession(models),
    async touchSession(id, at) {
      await sessions.updateOne({ _id: id }, { $max: { lastUsedAt: at } });
    },
    listSessions: (accountId, now) => listSessions(models, accountId, now),
    async endSession(accountId, id) {
      const { deletedCount } = await sessions.deleteOne({ _id: id, accountId });
      return deletedCount === 1;
    },
    async endOtherSessions(accountId, keepId) {
      const { deletedCount } = await sessions.deleteMany({ accountId, _id: not(keepId) });
      return deletedCount;
    },
    knowsDevice: async (device, accountId) => (await devices.exists({ _id: deviceId(device, accountId) })) !== null,
  };
}
