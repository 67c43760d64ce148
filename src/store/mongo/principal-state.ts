import type { ClientSession } from 'mongoose';
import type { Authority, PrincipalState } from '../port/authority.ts';
import { toAccount, toFactor, toSession } from './documents.ts';
import { present } from './filters.ts';
import type { Models } from './models.ts';

/**
 * A change in each transaction, so that MongoDB detects a conflict. It detects none for documents that are only read or
 * not changed.
 */
const written = { $inc: { writes: 1 } };

/**
 * The principal’s state in this transaction, which conflicts with any other that ends the session or changes the
 * account.
 */
export async function principalState(
  { sessions, accounts, factors }: Pick<Models, 'sessions' | 'accounts' | 'factors'>,
  { tokenHash, accountId }: Authority,
  session: ClientSession,
): Promise<PrincipalState | null> {
  const found = await sessions
    .findOneAndUpdate({ tokenHash, accountId }, written, { session })
    .lean();
  const account =
    found && (await accounts.findByIdAndUpdate(accountId, written, { session }).lean());
  if (!found || !account) return null;
  const oldest = await factors
    .findOne({ accountId, confirmedAt: present() }, null, { sort: { confirmedAt: 1 }, session })
    .lean();
  return {
    session: toSession(found),
    account: toAccount(account),
    factorSince: oldest && toFactor(oldest).confirmedAt,
  };
}
