import { deletionDays } from '../api/durations.ts';
import { noticeOf } from '../audit/notice.ts';
import { securityEvent, unassignedEvent } from '../audit/security-event.ts';
import { addMs, day } from '../clock.ts';
import { hashToken } from '../crypto/token.ts';
import type { Client } from '../http/client.ts';
import { accountClosing } from '../mail/account-notices.ts';
import { Problem } from '../problems.ts';
import type { Services, Principal } from '../services.ts';

/** Milliseconds during which the account owner can restore the account. */
const gracePeriod = deletionDays * day;

/**
 * Schedules the account for deletion. Every session ends now, and all personal data is erased after fourteen days.
 * Returns the time of erasure.
 * @throws Problem `conflict` for the last operator
 */
export async function closeAccount(
  deps: Pick<Services, 'store' | 'clock' | 'config' | 'mailer'>,
  { account }: Principal,
  client: Client,
): Promise<Date> {
  const erasedAt = addMs(deps.clock.now(), gracePeriod);
  const event = securityEvent(deps, {
    action: 'account.closing',
    accountId: account.id,
    actorId: account.id,
    client,
  });
  const notice = noticeOf(deps, { event, to: account.email, message: accountClosing });
  const closed = await deps.store.closeAccount({ accountId: account.id, erasedAt, notice });
  if (closed === 'last')
    throw new Problem('conflict', {
      detail: 'You are the last operator. Make someone else an operator first.',
    });
  deps.mailer.wake();
  return erasedAt;
}

/**
 * Restores an account that is scheduled for deletion, given the token that a sign-in to it returned. Does not sign the
 * user in.
 * @throws Problem `gone`
 */
export async function reopenAccount(
  { store, clock }: Pick<Services, 'store' | 'clock'>,
  { token, client }: { token: string; client: Client },
): Promise<void> {
  const event = unassignedEvent({ clock }, { action: 'account.reopened', actorId: null, client });
  if (!(await store.reopenAccount({ tokenHash: hashToken(token), event, now: clock.now() })))
    throw new Problem('gone');
}
