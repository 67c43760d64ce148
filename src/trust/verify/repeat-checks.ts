import { checks } from '../checks/all-checks.ts';
import { claims, isClaimId } from '../claims/claims.ts';
import type { Sources } from '../probe/check-context.ts';
import type { Check } from '../probe/check.ts';
import { perform } from '../probe/controls.ts';
import { Inconclusive } from '../probe/exchange.ts';
import type { Page } from './published.ts';
import { OutOfReach } from './verifier.ts';

/** The result of a check that the verifier repeated. */
export interface SeenAgain {
  check: string;
  outcome: 'true' | 'false' | 'inconclusive' | 'out of reach';
  reason: string;
}

/** Statuses of claims whose checks do not run on such a deployment. */
const unchecked = new Set(['not-applicable', 'inherited']);

/** Runs this version’s black-box checks of each claim on the page. */
export async function lookAgain(
  page: Page,
  sources: Sources,
  tell: (title: string) => void,
): Promise<SeenAgain[]> {
  const needed = new Set(
    page.claims
      .filter(({ status }) => !unchecked.has(status))
      .flatMap(({ id }): readonly string[] => (isClaimId(id) ? claims[id].checks : [])),
  );
  const seen: SeenAgain[] = [];
  for (const check of checks.filter(
    ({ id, vantage }) => vantage === 'black-box' && needed.has(id),
  )) {
    tell(check.title);
    seen.push({ check: check.id, ...(await make(check, sources)) });
  }
  return seen;
}

async function make(check: Check, sources: Sources): Promise<Omit<SeenAgain, 'check'>> {
  try {
    const { finding } = await perform(check, sources);
    const { outcome, reason } = finding;
    return {
      outcome: outcome === 'true' || outcome === 'false' ? outcome : 'inconclusive',
      reason,
    };
  } catch (error) {
    if (error instanceof OutOfReach) return { outcome: 'out of reach', reason: error.message };
    return {
      outcome: 'inconclusive',
      reason:
        error instanceof Inconclusive
          ? error.message
          : `The check could not be completed (${String(error)}).`,
    };
  }
}
