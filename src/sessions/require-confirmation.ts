import type { Rights } from '../http/guards.ts';
import { Problem } from '../problems.ts';
import type { Services, Principal } from '../services.ts';
import type { PrincipalState } from '../store/port/authority.ts';
import { confirmationMethods } from './confirmation-methods.ts';
import { isConfirmed } from './rights.ts';

/**
 * Requires that this session re-authenticated within the last ten minutes. ASVS 7.5.1, 7.5.3.
 * @throws Problem `confirmation-required` with the `methods` that the account has
 */
export async function requireConfirmation(
  { store, clock, providers }: Pick<Services, 'store' | 'clock' | 'providers'>,
  { account, session }: Principal,
  { confirmed }: Pick<Rights, 'confirmed'> = { confirmed: 'always' },
): Promise<void> {
  if (confirmed === 'never') return;
  const { factors } = await store.factorsOf(account.id);
  if (isConfirmed(confirmed, { session, factorSince: oldest(factors) }, clock.now())) return;
  throw new Problem('confirmation-required', {
    members: { methods: await confirmationMethods({ store, providers }, account) },
  });
}

function oldest(factors: readonly { confirmedAt: Date | null }[]): PrincipalState['factorSince'] {
  const times = factors.flatMap(({ confirmedAt }) =>
    confirmedAt === null ? [] : [confirmedAt.getTime()],
  );
  return times.length === 0 ? null : new Date(Math.min(...times));
}
