import { sameSecret } from '../crypto/token.ts';
import { Problem } from '../problems.ts';
import type { Signed } from '../services.ts';
import type { Need } from './endpoint.ts';

/** What a guard may look at. `identify` costs a store read, so a guard asks only if it must know. */
export interface Caller {
  identify(): Promise<Signed>;
  bearer: string | null;
  cronSecret: string | null;
}

/**
 * Who may pass, need by need; answers who it is where the endpoint wants to know. ASVS 8.3.1.
 * @throws Problem `not-signed-in` · `forbidden`
 */
export const guards: Record<Need, (caller: Caller) => Promise<Signed | null>> = {
  anyone: async () => null,
  signedIn: ({ identify }) => identify(),
  operatorOrCron: async ({ identify, bearer, cronSecret }) => {
    if (bearer !== null && cronSecret !== null && sameSecret(bearer, cronSecret)) return null;
    const signed = await identify();
    if (!signed.account.operator) throw new Problem('forbidden');
    return signed;
  },
};
