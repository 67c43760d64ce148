import type { SessionItem } from '../api/sessions.ts';
import type { Services, Principal } from '../services.ts';
import { endOf } from './authenticate.ts';

/** Returns the user’s sessions, the current one first. */
export async function sessionItems(
  { store, clock }: Pick<Services, 'store' | 'clock'>,
  principal: Principal,
): Promise<SessionItem[]> {
  const sessions = await store.listSessions(principal.account.id, clock.now());
  const currentFirst = [...sessions].sort(
    (a, b) => Number(b.id === principal.session.id) - Number(a.id === principal.session.id),
  );
  return currentFirst.map((session) => ({
    id: session.id,
    current: session.id === principal.session.id,
    device: session.device,
    address: session.address,
    method: session.method,
    deviceFirstUsedAt: session.deviceFirstUsedAt.toISOString(),
    createdAt: session.createdAt.toISOString(),
    lastUsedAt: session.lastUsedAt.toISOString(),
    expiresAt: endOf(session).toISOString(),
  }));
}
