import { Problem } from '../problems.ts';
import { maxFactors } from '../records/two-factor.ts';
import type { Services } from '../services.ts';

/**
 * Rejects an enrolment early when the account has the maximum number of factors. The store checks again when it saves
 * the factor.
 * @throws Problem `conflict`
 */
export async function refuseTooMany(
  { store }: Pick<Services, 'store'>,
  accountId: string,
): Promise<void> {
  const { factors } = await store.factorsOf(accountId);
  if (factors.length >= maxFactors) throw tooMany();
}

export function tooMany(): Problem {
  return new Problem('conflict', {
    detail: `An account has at most ${maxFactors} second factors. Remove one first.`,
  });
}
