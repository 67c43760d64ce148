import { addMs } from '../clock.ts';
import type { Rights } from '../http/guards.ts';
import type { Services, Principal } from '../services.ts';
import type { Authority, PrincipalState } from '../store/port/authority.ts';
import { isExpired } from './authenticate.ts';
import { proofLifetime } from './lifetimes.ts';

/**
 * Whether the session re-authenticated recently enough for this need. A re-authentication from before the account had a
 * second factor does not count. ASVS 7.5.3.
 */
export function isConfirmed(
  needed: Rights['confirmed'],
  { session, factorSince }: Pick<PrincipalState, 'session' | 'factorSince'>,
  now: Date,
): boolean {
  if (needed === 'never' || (needed === 'if-factor' && factorSince === null)) return true;
  const isByFactor = factorSince === null || factorSince <= session.confirmedAt;
  return isByFactor && now < addMs(session.confirmedAt, proofLifetime);
}

/**
 * Returns the conditions that the store checks in the transaction of each write for this principal: docs/decisions/015.
 */
export function authorityOf(
  { clock }: Pick<Services, 'clock'>,
  { account, session }: Principal,
  rights: Rights,
): Authority {
  return {
    tokenHash: session.tokenHash,
    accountId: account.id,
    permits(state) {
      const now = clock.now();
      return (
        !isExpired(state.session, now) &&
        (!rights.operator || state.account.operator) &&
        isConfirmed(rights.confirmed, state, now)
      );
    },
  };
}
