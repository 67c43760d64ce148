import { sameSecret } from '../crypto/token.ts';
import { Problem } from '../problems.ts';
import type { Signed } from '../services.ts';
import type { Need } from './endpoint.ts';

/** What a guard may look at. `identify` costs a store read, so a guard asks only if it must know. */
export interface Caller {
  identify(): Promise<Signed>;
  /** @throws Problem `confirmation-required` */
  requireConfirmation(signed: Signed): Promise<void>;
  bearer: string | null;
  cronSecret: string | null;
}

/**
 * Who may pass, need by need; answers who it is where the endpoint wants to know. ASVS 8.3.1. What operators do is told by the
 * description of the API, so whoever is none is `forbidden`, and nothing is pretended not to be there.
 * @throws Problem `not-signed-in` · `second-factor-required` · `forbidden` · `confirmation-required` with `methods`
 */
export const guards: Record<Need, (caller: Caller) => Promise<Signed | null>> = {
  anyone: async () => null,
  signedIn: ({ identify }) => identify(),
  recentlyConfirmed: async ({ identify, requireConfirmation }) => confirmed(await identify(), requireConfirmation),
  operator: async ({ identify }) => operator(await identify()),
  confirmedOperator: async ({ identify, requireConfirmation }) => confirmed(operator(await identify()), requireConfirmation),
  operatorOrCron: async ({ identify, bearer, cronSecret }) => {
    if (bearer !== null && cronSecret !== null && sameSecret(bearer, cronSecret)) return null;
    return operator(await identify());
  },
};

function operator(signed: Signed): Signed {
  if (!signed.account.operator) throw new Problem('forbidden');
  return signed;
}

async function confirmed(signed: Signed, requireConfirmation: Caller['requireConfirmation']): Promise<Signed> {
  await requireConfirmation(signed);
  return signed;
}
