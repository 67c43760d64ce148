import { later } from '../clock.ts';
import { Problem } from '../problems.ts';
import type { Services, Signed } from '../services.ts';
import { confirmationMethods } from './confirmation-methods.ts';
import { proofLifetime } from './lifetimes.ts';

/**
 * Sensitive requests want a proof of who sits there that this very session saw in the last ten minutes; one from before the
 * account had a second factor was another, and counts no more. ASVS 7.5.1, 7.5.3.
 * @throws Problem `confirmation-required` with the `methods` that the account has
 */
export async function requireConfirmation({ store, clock, providers }: Pick<Services, 'store' | 'clock' | 'providers'>, { account, session }: Signed): Promise<void> {
  const { factors } = await store.factorsOf(account.id);
  const isOfNow = factors.length === 0 || factors.some(({ confirmedAt }) => confirmedAt !== null && confirmedAt <= session.confirmedAt);
  if (isOfNow && clock.now() < later(session.confirmedAt, proofLifetime)) return;
  throw new Problem('confirmation-required', { members: { methods: await confirmationMethods({ store, providers }, account) } });
}
