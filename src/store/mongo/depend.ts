import type { ClientSession } from 'mongoose';
import type { PasswordHash } from '../../records.ts';
import type { Models } from './models.ts';

/**
 * Writes a name that nobody wrote before into the account, if it stands as the filter says. Only then does MongoDB see that
 * something else is decided by how the account stands at the same instant, and lets one of the two begin again.
 */
export async function depend(
  { accounts }: Models,
  standing: { _id: string; passwordHash?: PasswordHash },
  by: string,
  session: ClientSession,
): Promise<boolean> {
  const { matchedCount } = await accounts.updateOne(
    standing,
    { $set: { provenFor: by } },
    { session },
  );
  return matchedCount === 1;
}
