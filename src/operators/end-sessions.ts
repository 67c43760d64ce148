import { noticeOf } from '../audit/notice.ts';
import { securityEvent } from '../audit/security-event.ts';
import type { Client } from '../http/client.ts';
import { signedOutByOperator } from '../mail/operator-notices.ts';
import { Problem } from '../problems.ts';
import type { Services, Principal } from '../services.ts';

/**
 * Ends every session of an account and notifies its owner. ASVS 7.4.5.
 * @throws Problem `not-found`
 */
export async function endSessionsOf(
  deps: Pick<Services, 'store' | 'clock' | 'config' | 'mailer'>,
  { principal, accountId, client }: { principal: Principal; accountId: string; client: Client },
): Promise<void> {
  const account = await deps.store.findAccount(accountId);
  if (!account) throw new Problem('not-found');
  const event = securityEvent(deps, {
    action: 'operator.sessions-ended',
    accountId,
    actorId: principal.account.id,
    client,
  });
  const notice = noticeOf(deps, { event, to: account.email, message: signedOutByOperator });
  if ((await deps.store.endAllSessions({ accountId, notice })) > 0) deps.mailer.wake();
}
