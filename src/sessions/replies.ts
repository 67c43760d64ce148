import type { User } from '../api/sessions.ts';
import { type Cookie, forgotten } from '../cookies.ts';
import { Reply } from '../http/reply.ts';
import { Problem } from '../problems.ts';
import type { Account } from '../records.ts';
import type { Entered } from './begin-session.ts';
import { userView } from './views.ts';

/**
 * Returns the response to a sign-in.
 * @throws Problem `account-closing` with `reopen` and `erasedAt`
 */
export function cameIn(account: Account, entered: Entered): Reply<{ user: User }> {
  return new Reply({ user: userView(account) }, { cookies: cookiesOf(entered) });
}

/** @throws Problem `account-closing` with `reopen` and `erasedAt` */
function cookiesOf(entered: Entered): readonly Cookie[] {
  if (entered.kind === 'begun') return entered.cookies;
  const { token, erasedAt } = entered.reopening;
  throw new Problem('account-closing', {
    members: { reopen: token, erasedAt: erasedAt.toISOString() },
  });
}

/**
 * Returns the response to a sign-out, after the server has deleted the session: the browser clears its cookie and data.
 * ASVS 14.3.1.
 */
export function signedOut<Body>(body: Body): Reply<Body> {
  return new Reply(body, { cookies: [forgotten('flowcept')], clearsSiteData: true });
}
