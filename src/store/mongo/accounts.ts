import type { Hashed } from '../../records.ts';
import type { ListedAccount, AccountStore } from '../port/accounts.ts';
import { documentVersion, toAccount, toSession } from './documents.ts';
import { isDuplicate } from './errors.ts';
import { recordEvent } from './events.ts';
import { after, anyOf, notMembersOf, sortedAfter, startingWith } from './filters.ts';
import type { Models } from './models.ts';
import {
  closeSignUps,
  insertAccount,
  newestSignUp,
  openSignUp,
  redeemSignUp,
  reopenSignUp,
} from './sign-ups.ts';
import { transaction, write } from './transaction.ts';

type Claiming = Parameters<AccountStore['redeemClaim']>[0];
type Claimed = { kind: 'redeemed' | 'taken' | 'over' };

function openClaim(tokenHash: Hashed, now: Date) {
  return { _id: tokenHash, expiresAt: after(now) };
}

async function redeemClaim(
  models: Models,
  { tokenHash, account, event, now }: Claiming,
): Promise<Claimed> {
  const claim = openClaim(tokenHash, now);
  try {
    return await transaction<Claimed>(models, tokenHash, async (session) => {
      if (!(await models.claims.exists(claim).session(session))) return { kind: 'over' };
      if (await models.accounts.exists({ email: account.email }).session(session))
        return { kind: 'taken' };
      await models.claims.deleteMany({}, { session });
      await insertAccount(models, account, session);
      await closeSignUps(models, account.email, now, session);
      await recordEvent(models, event, session);
      return { kind: 'redeemed' };
    });
  } catch (error) {
    // A sign-up of the address was redeemed after this transaction read it.
    if (isDuplicate(error)) return { kind: 'taken' };
    throw error;
  }
}

type Listing = Parameters<AccountStore['listAccounts']>[0];

async function listAccounts(
  models: Models,
  { search, except, after: last, limit, now }: Listing,
): Promise<ListedAccount[]> {
  const place = last === null ? null : await models.accounts.findById(last, { email: 1 }).lean();
  if (last !== null && place === null) return [];
  const filter = {
    ...notMembersOf(except),
    ...(place && { email: sortedAfter(place.email) }),
    ...(search !== '' && {
      $or: [{ email: startingWith(search) }, { nameKey: startingWith(search) }],
    }),
  };
  const found = (
    await models.accounts.find(filter, null, { sort: { email: 1 }, limit }).lean()
  ).map(toAccount);
  const lastUses = await validSessions(
    models,
    found.map(({ id }) => id),
    now,
  );
  return found.map((account) => {
    const uses = lastUses.get(account.id) ?? [];
    return {
      account,
      sessions: uses.length,
      lastUsedAt: uses.length === 0 ? null : new Date(Math.max(...uses)),
    };
  });
}

/** When each active session of these accounts was last used. */
async function validSessions(
  { sessions }: Models,
  accountIds: readonly string[],
  now: Date,
): Promise<Map<string, number[]>> {
  const found = await sessions.find({ accountId: anyOf(accountIds), expiresAt: after(now) }).lean();
  const uses = new Map<string, number[]>();
  for (const { accountId, lastUsedAt, idle } of found.map(toSession)) {
    if (lastUsedAt.getTime() + idle > now.getTime())
      uses.set(accountId, [...(uses.get(accountId) ?? []), lastUsedAt.getTime()]);
  }
  return uses;
}

export function accountsSection(models: Models): AccountStore {
  const { accounts, claims } = models;
  return {
    async findAccount(id) {
      const found = await accounts.findById(id).lean();
      return found && toAccount(found);
    },
    async findAccountByEmail(email) {
      const found = await accounts.findOne({ email }).lean();
      return found && toAccount(found);
    },
    countAccounts: () => accounts.countDocuments().exec(),
    hasOperator: async () => (await accounts.exists({ operator: true })) !== null,
    listAccounts: (input) => listAccounts(models, input),
    openSignUp: (input) => openSignUp(models, input),
    newestSignUp: (email, now) => newestSignUp(models, email, now),
    reopenSignUp: (input) => reopenSignUp(models, input),
    redeemSignUp: (input) => redeemSignUp(models, input),
    insertClaim: ({ tokenHash, expiresAt }) =>
      write(models, tokenHash, async (session) => {
        await claims.create([{ _id: tokenHash, v: documentVersion, expiresAt }], { session });
      }),
    isClaimOpen: async (tokenHash, now) =>
      (await claims.exists(openClaim(tokenHash, now))) !== null,
    redeemClaim: (input) => redeemClaim(models, input),
    replacePasswordHash: ({ accountId, from, to }) =>
      write(models, accountId, async (session) => {
        const { matchedCount } = await accounts.updateOne(
          { _id: accountId, passwordHash: from },
          { $set: { passwordHash: to } },
          { ...(session && { session }) },
        );
        return matchedCount === 1;
      }),
  };
}
