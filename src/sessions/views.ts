import type { User } from '../api/sessions.ts';
import type { Account, Session } from '../records.ts';
import type { Signed } from '../services.ts';
import { endOf, isHeld } from './authenticate.ts';

/** What the outside may see of records: nothing goes out that is not named here. ASVS 15.3.1. */

export function userView({ id, email, name, operator }: Account): User {
  return { id, email, name, operator };
}

export function sessionView(session: Session) {
  return {
    id: session.id,
    createdAt: session.createdAt.toISOString(),
    expiresAt: endOf(session).toISOString(),
    confirmedAt: session.confirmedAt.toISOString(),
  };
}

export function holdingView({ heldFrom }: Pick<Signed, 'heldFrom'>, now: Date) {
  return heldFrom && { from: heldFrom.toISOString(), held: isHeld({ heldFrom }, now) };
}
