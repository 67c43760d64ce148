import { Inconclusive } from '../answer.ts';
import { perform } from '../check.ts';
import { checks } from '../checks.ts';
import type { Sources } from '../eyes.ts';
import type { TrustView } from '../shapes.ts';
import { OutOfReach } from './outsider.ts';

/** What became of a check when a stranger made it. */
export interface SeenAgain {
  check: string;
  outcome: 'true' | 'false' | 'unclear' | 'out of reach';
  reason: string;
}

/** Makes every check of the page again that says to look from outside. */
export async function lookAgain({ claims }: TrustView, sources: Sources, tell: (title: string) => void): Promise<SeenAgain[]> {
  const named = claims.flatMap((claim) => claim.checks).filter(({ vantage }) => vantage === 'outside');
  const seen: SeenAgain[] = [];
  for (const { id, title } of new Map(named.map((check) => [check.id, check])).values()) {
    tell(title);
    seen.push({ check: id, ...(await make(id, sources)) });
  }
  return seen;
}

async function make(id: string, sources: Sources): Promise<Omit<SeenAgain, 'check'>> {
  const check = checks.find((one) => one.id === id);
  if (!check) return { outcome: 'out of reach', reason: 'This copy of Flowcept does not know the check.' };
  try {
    const { finding } = await perform(check, sources);
    const { outcome, reason } = finding;
    return { outcome: outcome === 'true' || outcome === 'false' ? outcome : 'unclear', reason };
  } catch (error) {
    if (error instanceof OutOfReach) return { outcome: 'out of reach', reason: error.message };
    return { outcome: 'unclear', reason: error instanceof Inconclusive ? error.message : `It could not be made (${String(error)}).` };
  }
}
