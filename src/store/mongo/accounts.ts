import type { Store } from '../port.ts';
import { documentVersion, toAccount } from './documents.ts';
import { isDuplicate } from './errors.ts';
import { recordEvent } from './events.ts';
import { after } from './filters.ts';
import type { Models } from './models.ts';
import { closeSignUps, insertAccount, newestSignUp, openSignUp, redeemSignUp, reopenSignUp } from './sign-ups.ts';
import { transaction } from './transaction.ts';

type Claiming = Parameters<Store['redeemClaim']>[0];
type Claimed = { kind: 'redeemed' | 'taken' | 'over' };

async function redeemClaim(models: Models, { tokenHash, account, event, now }: Claiming): Promise<Claimed> {
  const claim = { _id: tokenHash, expiresAt: after(now) };
  try {
    return await transaction<Claimed>(models, tokenHash, async (session) => {
      if (!(await models.claims.exists(claim).session(session))) return { kind: 'over' };
      if (await models.accounts.exists({ email: account.email }).session(session)) return { kind: 'taken' };
      await models.claims.deleteOne({ _id: tokenHash }, { session });
      await insertAccount(models, account, session);
      await closeSignUps(models, account.email, now, session);
      await recordEvent(models, event, session);
      return { kind: 'redeemed' };
    });
  } catch (error) {
    // A sign-up of the address was redeemed after this transaction had looked.
    if (isDuplicate(error)) return { kind: 'taken' };
    throw error;
  }
}

export function accountsSection(models: Models): Pick<
  Store,
  | 'findAccount' | 'findAccountByEmail' | 'countAccounts' | 'hasOperator'
  | 'openSignUp' | 'newestSignUp' | 'reopenSignUp' | 'redeemSignUp'
  | 'insertClaim' | 'redeemClaim' | 'replacePasswordHash'
> {
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
    openSignUp: (input) => openSignUp(models, input),
    newestSignUp: (email, now) => newestSignUp(models, email, now),
    reopenSignUp: (input) => reopenSignUp(models, input),
    redeemSignUp: (input) => redeemSignUp(models, input),
    async insertClaim({ tokenHash, expiresAt }) {
      await claims.create([{ _id: tokenHash, v: documentVersion, expiresAt }]);
    },
    redeemClaim: (input) => redeemClaim(models, input),
    async replacePasswordHash({ accountId, from, to }) {
      const { matchedCount } = await accounts.updateOne({ _id: accountId, passwordHash: from }, { $set: { passwordHash: to } });
      return matchedCount === 1;
    },
  };
}
