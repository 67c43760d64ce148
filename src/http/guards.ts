import { sameSecret } from '../crypto/token.ts';
import { Problem } from '../problems.ts';
import type { Principal } from '../services.ts';
import type { Need } from './endpoint.ts';

/**
 * What a principal must be to write through an endpoint. Guards check it before the request is handled; the store
 * checks it again in each transaction.
 */
export interface Rights {
  operator: boolean;
  /** Whether a recent re-authentication is required. `if-factor`: only for an account with a second factor. */
  confirmed: 'never' | 'if-factor' | 'always';
}

/** `null`: the request has no principal, and its writes depend on no session. */
export const rightsOf = {
  anyone: null,
  signedIn: { operator: false, confirmed: 'never' },
  confirmedIfFactor: { operator: false, confirmed: 'if-factor' },
  recentlyConfirmed: { operator: false, confirmed: 'always' },
  operator: { operator: true, confirmed: 'never' },
  confirmedOperator: { operator: true, confirmed: 'always' },
  operatorOrCron: { operator: true, confirmed: 'never' },
} as const satisfies Record<Need, Rights | null>;

/** What a guard may use. `identify` costs a store read, so a guard calls it only when needed. */
export interface Caller {
  identify(): Promise<Principal>;
  /** @throws Problem `confirmation-required` */
  requireConfirmation(principal: Principal, rights: Rights): Promise<void>;
  bearer: string | null;
  cronSecret: string | null;
}

/**
 * Checks the endpoint’s access requirement and returns the principal, if there is one. ASVS 8.3.1. The existence of
 * operator endpoints is no secret, so a caller who is not an operator gets `forbidden`.
 * @throws Problem `not-signed-in` · `second-factor-required` · `forbidden` · `confirmation-required` with `methods`
 */
export async function guard(
  need: Need,
  { identify, requireConfirmation, bearer, cronSecret }: Caller,
): Promise<Principal | null> {
  const rights: Rights | null = rightsOf[need];
  if (rights === null) return null;
  if (
    need === 'operatorOrCron' &&
    bearer !== null &&
    cronSecret !== null &&
    sameSecret(bearer, cronSecret)
  )
    return null;
  const principal = await identify();
  if (rights.operator) requireOperator(principal);
  if (rights.confirmed !== 'never') await requireConfirmation(principal, rights);
  return principal;
}

function requireOperator(principal: Principal): void {
  if (!principal.account.operator) throw new Problem('forbidden');
}
