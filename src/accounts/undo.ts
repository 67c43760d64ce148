import { securityEvent } from '../audit/security-event.ts';
import { hashToken } from '../crypto/token.ts';
import type { Client } from '../http/endpoint.ts';
import { Problem } from '../problems.ts';
import type { Services } from '../services.ts';

/**
 * “This wasn’t me”: whoever is in is out, and the password is void until a code by mail sets a new one.
 * @throws Problem `gone` for a link that is used, expired or none
 */
export async function undo({ store, clock }: Pick<Services, 'store' | 'clock'>, { token, client }: { token: string; client: Client }): Promise<void> {
  const event = securityEvent({ clock }, { action: 'account.secured', accountId: '', actorId: null, client });
  const undone = await store.redeemUndo({ tokenHash: hashToken(token), event, now: clock.now() });
  if (!undone) throw new Problem('gone');
}
