import { hashToken } from '../crypto/token.ts';
import type { Services, Signed } from '../services.ts';
import type { Session } from '../store/port.ts';
import { touchEvery } from './lifetimes.ts';

/** Whether it is over, by disuse or by age; exactly at the end it is. ASVS 7.3.1, 7.3.2. */
export function isOver({ lastUsedAt, idle, expiresAt }: Session, now: Date): boolean {
  return now.getTime() >= endOf({ lastUsedAt, idle, expiresAt }).getTime();
}

/** When it ends if it is not used again. */
export function endOf({ lastUsedAt, idle, expiresAt }: Pick<Session, 'lastUsedAt' | 'idle' | 'expiresAt'>): Date {
  return new Date(Math.min(lastUsedAt.getTime() + idle, expiresAt.getTime()));
}

/**
 * Who holds this session, by one read of the store: what was revoked anywhere is nobody here, on this very request.
 * The last use is written beside it, at most once a minute; a failure to write it is only logged.
 */
export async function authenticate(
  { store, clock, log }: Pick<Services, 'store' | 'clock' | 'log'>,
  sessionToken: string | null,
): Promise<Signed | null> {
  if (sessionToken === null) return null;
  const signed = await store.findSession(hashToken(sessionToken));
  const now = clock.now();
  if (!signed || isOver(signed.session, now)) return null;
  if (now.getTime() - signed.session.lastUsedAt.getTime() >= touchEvery) {
    store.touchSession(signed.session.id, now).catch((error: unknown) => log.warn({ err: error }, 'The last use of a session was not written.'));
  }
  return signed;
}
