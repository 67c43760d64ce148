import { Problem } from '../problems.ts';
import type { Services } from '../services.ts';

/** An account needs a few; ASVS 2.4.1 wants an end. */
const mostFactors = 10;

/** @throws Problem `conflict` */
export async function refuseTooMany({ store }: Pick<Services, 'store'>, accountId: string): Promise<void> {
  const { factors } = await store.factorsOf(accountId);
  if (factors.length >= mostFactors) throw new Problem('conflict', { detail: `An account has at most ${mostFactors} second factors. Remove one first.` });
}
