import { isCanary } from '../canary-addresses.ts';
import { hashToken } from '../crypto/token.ts';
import { Problem } from '../problems.ts';
import type { Session } from '../records.ts';
import type { Services, Principal } from '../services.ts';
import { touchEvery } from './lifetimes.ts';

/** Whether the session has expired, by inactivity or age. It expires exactly at that time. ASVS 7.3.1, 7.3.2. */
export function isExpired({ lastUsedAt, idle, expiresAt }: Session, now: Date): boolean {
  return now.getTime() >= endOf({ lastUsedAt, idle, expiresAt }).getTime();
}

/** Returns when the session expires if it is not used again. */
export function endOf({
  lastUsedAt,
  idle,
  expiresAt,
}: Pick<Session, 'lastUsedAt' | 'idle' | 'expiresAt'>): Date {
  return new Date(Math.min(lastUsedAt.getTime() + idle, expiresAt.getTime()));
}

/**
 * Whether the session may only add a second factor and manage its own account, because the deployment requires a second
 * factor and the grace period is over.
 */
export function mustEnrol(
  { enrolmentRequiredFrom }: Pick<Principal, 'enrolmentRequiredFrom'>,
  now: Date,
): boolean {
  return enrolmentRequiredFrom !== null && enrolmentRequiredFrom <= now;
}

/** Endpoints that accept a session for which enrolment is required must say so. */
export interface Admission {
  whileEnrolling: boolean;
}

/**
 * Returns the principal of a session with one store read. A session revoked by any process is rejected on this request.
 * The time of last use is written asynchronously, at most once a minute; a failed write is only logged.
 * @throws Problem `second-factor-required` when enrolment is required and the endpoint does not allow it
 */
export async function authenticate(
  { store, clock, log }: Pick<Services, 'store' | 'clock' | 'log'>,
  sessionToken: string | null,
  { whileEnrolling }: Admission = { whileEnrolling: false },
): Promise<Principal | null> {
  if (sessionToken === null) return null;
  const principal = await store.findSession(hashToken(sessionToken));
  const now = clock.now();
  if (!principal || isExpired(principal.session, now)) return null;
  if (now.getTime() - principal.session.lastUsedAt.getTime() >= touchEvery) {
    store
      .touchSession(principal.session.id, now)
      .catch((error: unknown) =>
        log.warn({ err: error }, 'The last use of a session could not be stored.'),
      );
  }
  const holder =
    principal.enrolmentRequiredFrom !== null &&
    (await isCanary({ store, clock }, principal.account))
      ? { ...principal, enrolmentRequiredFrom: null }
      : principal;
  if (!whileEnrolling && mustEnrol(holder, now)) throw new Problem('second-factor-required');
  return holder;
}
