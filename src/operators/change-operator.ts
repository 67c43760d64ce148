import { noticeOf } from '../audit/notice.ts';
import { limitedEvent, securityEvent } from '../audit/security-event.ts';
import type { Client } from '../http/client.ts';
import { operatorGranted, operatorWithdrawn } from '../mail/operator-notices.ts';
import { Problem } from '../problems.ts';
import type { Account } from '../records.ts';
import type { Services, Principal } from '../services.ts';

interface Change {
  principal: Principal;
  accountId: string;
  operator: boolean;
  client: Client;
}

/**
 * Gives an account the operator role or removes it; the account owner is notified. Gaining the role ends all sessions
 * of the account, so that a stolen session does not gain it as well. ASVS 7.2.4.
 * @throws Problem `not-found` · `conflict` for the last operator · `forbidden` when the caller is no longer an operator
 * at the time of the write · `rate-limited`
 */
export async function changeOperator(
  deps: Pick<Services, 'store' | 'clock' | 'config' | 'limiter' | 'mailer'>,
  { principal, accountId, operator, client }: Change,
): Promise<Account> {
  const { store, mailer } = deps;
  const account = await store.findAccount(accountId);
  if (!account) throw new Problem('not-found');
  const both = { accountId, actorId: principal.account.id, client };
  const event = operator
    ? await limitedEvent(deps, { action: 'operator.added', ...both })
    : securityEvent(deps, { action: 'operator.removed', ...both });
  const notice = noticeOf(deps, {
    event,
    to: account.email,
    message: operator ? operatorGranted : operatorWithdrawn,
  });
  const outcome = await store.changeOperator({ accountId, operator, notice });
  if (outcome === 'refused') throw new Problem('forbidden');
  if (outcome === 'last')
    throw new Problem('conflict', {
      detail: 'This is the last operator. Make someone else an operator first.',
    });
  if (outcome === 'changed') mailer.wake();
  return { ...account, operator };
}
