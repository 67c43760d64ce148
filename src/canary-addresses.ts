import type { Clock } from './clock.ts';
import { invalidFields } from './problems.ts';
import type { Account } from './records.ts';
import { domainOf } from './store/keys.ts';
import type { Store } from './store/port.ts';

/** Canary accounts, which the checks of a run make and erase, have addresses under it, and nobody else has one. `.invalid`: RFC 6761 §6.4. */
export const canaryRoot = 'canary.invalid';
/** Its holder is the domain of the run under way: made at random for that run, kept nowhere else, worth nothing once the lease is over. */
export const runLease = 'trust-run';

type Dependencies = { store: Pick<Store, 'leaseHolder'>; clock: Clock };

/** The domain of the canary accounts of the run under way, in whatever process; `null` when there is none. */
export function canaryDomain({ store, clock }: Dependencies): Promise<string | null> {
  return store.leaseHolder(runLease, clock.now());
}

/** Whether an address, in its normal form, is under the canaries’ root. What else it says proves nothing. */
export function isReserved(email: string): boolean {
  return `.${domainOf(email)}`.endsWith(`.${canaryRoot}`);
}

/** Whether the run under way made this account. An operator is never excepted from anything. */
export async function isCanary(
  deps: Dependencies,
  { email, operator }: Pick<Account, 'email' | 'operator'>,
): Promise<boolean> {
  return !operator && isReserved(email) && domainOf(email) === (await canaryDomain(deps));
}

/** For everything that gives an account its address. @throws Problem `invalid-fields` */
export function refuseReserved(email: string): void {
  if (isReserved(email))
    throw invalidFields([
      { path: 'email', message: 'This domain is reserved. Use another address.' },
    ]);
}

/** For signing up, where the run under way makes its canaries as anybody makes an account. @throws Problem `invalid-fields` */
export async function refuseReservedButTheRuns(deps: Dependencies, email: string): Promise<void> {
  if (!(await isCanary(deps, { email, operator: false }))) refuseReserved(email);
}
