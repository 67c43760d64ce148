import { isCanary } from '../canary-addresses.ts';
import { hashToken } from '../crypto/token.ts';
import { Problem } from '../problems.ts';
import type { Session } from '../records.ts';
import type { Services, Principal } from '../services.ts';
import { touchEvery } from './lifetimes.ts';

/** Whether it is over, by disuse or by age; exactly at the end it is. ASVS 7.3.1, 7.3.2. */
export function isOver({ lastUsedAt, idle, expiresAt }: Session, now: Date): boolean {
  return now.getTime() >= endOf({ lastUsedAt, idle, expiresAt }).getTime();
}

/** When it ends if it is not used again. */
export function endOf({
  lastUsedAt,
  idle,
  expiresAt,
}: Pick<Session, 'lastUsedAt' | 'idle' | 'expiresAt'>): Date {
  return new Date(Math.min(lastUsedAt.getTime() + idle, expiresAt.getTime()));
}

/** Whether it may do nothing but add a second factor, and look after its own account: the deployment’s rule, once its grace is over. */
export function isHeld(
  { enrolmentRequiredFrom }: Pick<Principal, 'enrolmentRequiredFrom'>,
  now: Date,
): boolean {
  return enrolmentRequiredFrom !== null && enrolmentRequiredFrom <= now;
}

/** What a session that is held may do as well must say so. */
export interface Holding {
  held: 'refused' | 'allowed';
}

/**
 * Who holds this session, by one read of the store: what was revoked anywhere is nobody here, on this very request.
 * The last use is written beside it, at most once a minute; a failure to write it is only logged.
 * @throws Problem `second-factor-required` for one that is held, unless it is allowed here
 */
export async function authenticate(
  { store, clock, log }: Pick<Services, 'store' | 'clock' | 'log'>,
  sessionToken: string | null,
  { held }: Holding = { held: 'refused' },
): Promise<Principal | null> {
  if (sessionToken === null) return null;
  const signed = await store.findSession(hashToken(sessionToken));
  const now = clock.now();
  if (!signed || isOver(signed.session, now)) return null;
  if (now.getTime() - signed.session.lastUsedAt.getTime() >= touchEvery) {
    store
      .touchSession(signed.session.id, now)
      .catch((error: unknown) =>
        log.warn({ err: error }, 'The last use of a session was not written.'),
      );
  }
  const holder =
    signed.enrolmentRequiredFrom !== null && (await isCanary({ store, clock }, signed.account))
      ? { ...signed, enrolmentRequiredFrom: null }
      : signed;
  if (held === 'refused' && isHeld(holder, now)) throw new Problem('second-factor-required');
  return holder;
}
