import { later } from '../clock.ts';
import { Problem } from '../problems.ts';
import type { Services, Signed } from '../services.ts';
import { confirmationMethods } from './confirmation-methods.ts';
import { proofLifetime } from './lifetimes.ts';

/** Sensitive requests want a proof of who sits there that this very session saw in the last ten minutes. ASVS 7.5.1. @throws Problem `confirmation-required` with the `methods` that the account has */
export async function requireConfirmation({ store, clock }: Pick<Services, 'store' | 'clock'>, { account, session }: Signed): Promise<void> {
  if (clock.now() < later(session.confirmedAt, proofLifetime)) return;
  throw new Problem('confirmation-required', { members: { methods: await confirmationMethods({ store }, account) } });
}
