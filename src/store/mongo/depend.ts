import type { ClientSession } from 'mongoose';
import type { PasswordHash } from '../../records.ts';
import type { Models } from './models.ts';

/**
 * Writes a unique value into the account if it matches the filter. MongoDB then detects a conflict with concurrent
 * decisions that depend on the account’s state, and makes one of them start again.
 */
export async function depend(
  { accounts }: Models,
  condition: { _id: string; passwordHash?: PasswordHash },
  by: string,
  session: ClientSession,
): Promise<boolean> {
  const { matchedCount } = await accounts.updateOne(
    condition,
    { $set: { provenFor: by } },
    { session },
  );
  return matchedCount === 1;
}
