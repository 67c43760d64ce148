import type { Clock } from './clock.ts';
import { invalidFields } from './problems.ts';
import type { Account } from './records.ts';
import { domainOf } from './store/keys.ts';
import type { Store } from './store/port.ts';

/**
 * The domain of canary accounts, which the checks create and erase. No other account has an address under it.
 * `.invalid`: RFC 6761 §6.4.
 */
export const canaryRoot = 'canary.invalid';
/**
 * The lease of the run in progress. Its holder is the run’s canary domain: random, stored nowhere else, and useless
 * once the lease has expired.
 */
export const runLease = 'trust-run';

type Dependencies = { store: Pick<Store, 'leaseHolder'>; clock: Clock };

/** Returns the domain of the canary accounts of the run in progress, in any process; `null` if there is none. */
export function canaryDomain({ store, clock }: Dependencies): Promise<string | null> {
  return store.leaseHolder(runLease, clock.now());
}

/** Whether a normalised address is under the canary domain. That alone does not prove that a run created it. */
export function isReserved(email: string): boolean {
  return `.${domainOf(email)}`.endsWith(`.${canaryRoot}`);
}

/** Whether the run in progress created this account. An operator account is never treated as a canary. */
export async function isCanary(
  deps: Dependencies,
  { email, operator }: Pick<Account, 'email' | 'operator'>,
): Promise<boolean> {
  return !operator && isReserved(email) && domainOf(email) === (await canaryDomain(deps));
}

/**
 * Rejects canary addresses wherever an account gets an address.
 * @throws Problem `invalid-fields`
 */
export function refuseReserved(email: string): void {
  if (isReserved(email))
    throw invalidFields([
      { path: 'email', message: 'This domain is reserved. Use another address.' },
    ]);
}

/**
 * Rejects canary addresses at sign-up, except those of the run in progress, which signs up like any user.
 * @throws Problem `invalid-fields`
 */
export async function refuseReservedButTheRuns(deps: Dependencies, email: string): Promise<void> {
  if (!(await isCanary(deps, { email, operator: false }))) refuseReserved(email);
}
