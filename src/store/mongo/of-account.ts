import type { ClientSession } from 'mongoose';
import type { Models } from './models.ts';

/** Removes the data that belongs to these accounts, in the transaction that erases them. Events are not removed. */
export async function eraseOfAccounts(
  {
    sessions,
    devices,
    identities,
    flows,
    undos,
    factors,
    pendingSignIns,
    recoveryCodes,
    closings,
    factorRecoveries,
  }: Models,
  accountIds: readonly string[],
  session: ClientSession,
): Promise<void> {
  const ids = { $in: [...accountIds] };
  for (const model of [
    sessions,
    devices,
    identities,
    flows,
    undos,
    factors,
    pendingSignIns,
  ] as const) {
    await model.collection.deleteMany({ accountId: ids }, { session });
  }
  for (const model of [recoveryCodes, closings, factorRecoveries] as const)
    await model.collection.deleteMany({ _id: ids } as object, { session });
}
