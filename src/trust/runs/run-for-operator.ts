import { limitedEvent } from '../../audit/security-event.ts';
import type { Client } from '../../http/client.ts';
import type { Services, Principal } from '../../services.ts';

/** Starts a run on behalf of an operator, and records it in the audit log. */
export async function runForOperator(
  { trust, store, clock, limiter }: Pick<Services, 'trust' | 'store' | 'clock' | 'limiter'>,
  { account }: Principal,
  client: Client,
): Promise<void> {
  await store.recordEvent(
    await limitedEvent(
      { clock, limiter },
      { action: 'operator.checks-run', accountId: account.id, actorId: account.id, client },
    ),
  );
  await trust.request('operator');
}
