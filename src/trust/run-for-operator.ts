import { securityEvent } from '../audit/security-event.ts';
import type { Client } from '../http/endpoint.ts';
import type { Services, Signed } from '../services.ts';

/** Asks for a run, as an operator may, and records who did. */
export async function runForOperator(
  { trust, store, clock }: Pick<Services, 'trust' | 'store' | 'clock'>,
  { account }: Signed,
  client: Client,
): Promise<void> {
  await store.recordEvent(securityEvent({ clock }, { action: 'operator.checks-run', accountId: account.id, actorId: account.id, client }));
  await trust.request('operator');
}
