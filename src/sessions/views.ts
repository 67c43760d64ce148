import type { User } from '../api/sessions.ts';
import type { Account, Session } from '../records.ts';
import type { Principal } from '../services.ts';
import { endOf, mustEnrol } from './authenticate.ts';

/** Views of records for API responses. Only the members named here are sent. ASVS 15.3.1. */

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

export function enrolmentView(
  { enrolmentRequiredFrom }: Pick<Principal, 'enrolmentRequiredFrom'>,
  now: Date,
) {
  return (
    enrolmentRequiredFrom && {
      from: enrolmentRequiredFrom.toISOString(),
      enrolmentRequired: mustEnrol({ enrolmentRequiredFrom }, now),
    }
  );
}
