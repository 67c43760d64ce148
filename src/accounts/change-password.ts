import { noticeOf } from '../audit/notice.ts';
import { limitedEvent } from '../audit/security-event.ts';
import type { Cookie } from '../cookies.ts';
import type { Client } from '../http/client.ts';
import { passwordChanged } from '../mail/account-notices.ts';
import { invalidFields, Problem } from '../problems.ts';
import type { Services, Principal } from '../services.ts';
import { continuedAs, newSessionToken } from '../sessions/continue-session.ts';
import { provePassword } from '../sessions/prove-password.ts';
import { refuseGuessable } from './refuse-guessable.ts';

interface Change {
  principal: Principal;
  current: string;
  next: string;
  client: Client;
}

/**
 * Changes the password, given the current one. Every other session ends; this one continues under a new ID and token.
 * The current password does not count as re-authentication: for an account with a second factor, the endpoint requires
 * a recent one. ASVS 6.2.3, 7.4.3, 7.5.1.
 * @throws Problem `invalid-fields` for a new password that is easy to guess or is the current one · `wrong-credentials`
 * · `conflict` when the password was changed in the meantime · `rate-limited` · `unavailable`
 */
export async function changePassword(
  deps: Pick<Services, 'store' | 'clock' | 'config' | 'limiter' | 'mailer' | 'passwords'>,
  { principal, current, next, client }: Change,
): Promise<{ cookies: readonly Cookie[] }> {
  const { store, mailer, passwords } = deps;
  const { account } = principal;
  refuseGuessable(next, account, 'next');
  await provePassword(deps, account, current);
  if (next === current)
    throw invalidFields([
      { path: 'next', message: 'Choose a password that is different from the current one.' },
    ]);
  const to = await passwords.hash(next);
  const event = await limitedEvent(deps, {
    action: 'password.changed',
    accountId: account.id,
    actorId: account.id,
    client,
  });
  const notice = noticeOf(deps, { event, to: account.email, message: passwordChanged });
  const token = newSessionToken(deps, principal);
  const continued = continuedAs(deps, principal, token);
  const changed =
    account.passwordHash !== null &&
    (await store.changePassword({
      accountId: account.id,
      from: account.passwordHash,
      to,
      continued,
      notice,
    }));
  if (!changed) throw new Problem('conflict');
  mailer.wake();
  return { cookies: [token.cookie] };
}
