import type { Client } from '../http/client.ts';
import { Problem } from '../problems.ts';
import type { Account } from '../records.ts';
import type { Services } from '../services.ts';
import type { Entered } from '../sessions/begin-session.ts';
import { finishEmailChange } from './change-email.ts';
import { verifyEmail } from './verify-email.ts';

type Dependencies = Parameters<typeof verifyEmail>[0] & Parameters<typeof finishEmailChange>[0];
interface Typed {
  id: string;
  code: string;
  client: Client;
}

/**
 * Redeems an emailed code according to the purpose of its challenge. Purposes not listed here have their own routes.
 * `entered` is `null` for an email change, because the user is already signed in.
 * @throws Problem `not-found` · `wrong-purpose`, and those of the purpose
 */
export async function redeemCode(
  deps: Dependencies & Pick<Services, 'store'>,
  typed: Typed,
): Promise<{ account: Account; entered: Entered | null }> {
  const challenge = await deps.store.findChallenge(typed.id);
  if (!challenge) throw new Problem('not-found');
  if (challenge.purpose === 'verify-email') return verifyEmail(deps, typed);
  if (challenge.purpose !== 'change-email') throw new Problem('wrong-purpose');
  return { account: await finishEmailChange(deps, typed), entered: null };
}
