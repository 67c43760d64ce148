import { noticeOf } from '../audit/notice.ts';
import { securityEvent } from '../audit/security-event.ts';
import type { Client } from '../http/client.ts';
import { factorRecoveryStopped } from '../mail/factor-notices.ts';
import type { Account } from '../records.ts';
import type { Services } from '../services.ts';
import type { Notice } from '../store/port/events.ts';

/**
 * Returns the event and the email for stopping a recovery of lost factors. An attacker with the first proof may have
 * started it. The store decides in its transaction whether there is a recovery to stop. ASVS 6.3.7.
 */
export function stoppedRecovery(
  deps: Pick<Services, 'clock' | 'config' | 'mailer'>,
  { id, email }: Account,
  client: Client,
): Notice {
  const event = securityEvent(deps, {
    action: 'factor.recovery-stopped',
    accountId: id,
    actorId: id,
    client,
  });
  return noticeOf(deps, { event, to: email, message: factorRecoveryStopped });
}
