import { noticeOf } from '../audit/notice.ts';
import { securityEvent } from '../audit/security-event.ts';
import type { Client } from '../http/endpoint.ts';
import { factorRecoveryStopped } from '../mail/messages.ts';
import type { Account } from '../records.ts';
import type { Services } from '../services.ts';
import type { Notice } from '../store/port/events.ts';

/**
 * What is recorded, and what the owner is told, when a recovery of lost factors is stopped: it was started with the first proof,
 * perhaps by an attacker who still has it. The store decides in its transaction whether there is one. ASVS 6.3.7.
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
