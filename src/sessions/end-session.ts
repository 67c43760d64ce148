import { securityEvent } from '../audit/security-event.ts';
import type { Client } from '../http/client.ts';
import type { Services, Principal } from '../services.ts';

/**
 * Ends one of the user’s own sessions. Every process rejects it from the next request on. Returns false if the session
 * is not theirs.
 */
export function endSession(
  { store, clock }: Pick<Services, 'store' | 'clock'>,
  { account }: Principal,
  id: string,
  client: Client,
): Promise<boolean> {
  const event = securityEvent(
    { clock },
    { action: 'session.ended', accountId: account.id, actorId: account.id, target: id, client },
  );
  return store.endSession({ accountId: account.id, id, event });
}
