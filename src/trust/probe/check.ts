import type { Outcome, Vantage } from '../../api/trust.ts';
import { type CheckContext, type Site } from './check-context.ts';
import { conclusive, type CheckResponse } from './exchange.ts';
import { type Tamper } from './recording.ts';

export interface Finding {
  outcome: Exclude<Outcome, 'error'>;
  /** In a sentence for everybody: counts, no names. */
  reason: string;
  /** Seen of those there were. */
  examined: number;
  population: number;
}

/** A deployment that is broken in one way: the healthy one's recording, tampered with. */
export interface Control {
  /** What is broken, as a phrase: “cookie without HttpOnly”. */
  where: string;
  /** A function where the fault needs a memory, which is then each time a new one. */
  tamper: Tamper | (() => Tamper);
  /** Where it would not be broken, it is left out. */
  on?: (site: Site) => boolean;
}

/** How a reader tries the same on their own machine, in one line that harms nothing. */
interface ByHand {
  command(origin: string): string;
  /** What it shows where the claim holds. */
  expect: string;
}

/** One question to a deployment. Looks first and judges then, so that a replay is never asked for what was not seen. */
export interface Check {
  id: string;
  version: string;
  title: string;
  method: 'TEST' | 'EXAMINE';
  vantage: Vantage;
  /** Milliseconds between two looks, and after which a success is too old to count. */
  cadence: number;
  ttl: number;
  /** What it does not prove. */
  limits: string;
  /** How a reader can try the same from another machine. */
  byHand?: ByHand;
  examine(context: CheckContext): Promise<Finding>;
  /** Each must be caught whenever the check finds nothing wrong. */
  controls: readonly Control[];
}

const minute = 60_000;
const hour = 60 * minute;

/** How often checks look: those that cost a few requests, and those that make accounts or read everything. */
export const oftenFromOutside = { cadence: 15 * minute, ttl: hour } as const;
export const fourTimesADay = { cadence: 6 * hour, ttl: 24 * hour } as const;

interface Judgement {
  faults: readonly string[];
  /** Answers that must have said something for the check to hold. */
  needs?: readonly CheckResponse[];
  /** What is said when it holds. */
  holds: string;
  examined: number;
  population?: number;
}

/**
 * False when anything is wrong, whatever else could not be seen; true when nothing is, and everything was looked at.
 * @throws Hindered · Inconclusive when nothing is wrong but something needed said nothing
 */
export function judge({
  faults,
  needs = [],
  holds,
  examined,
  population = examined,
}: Judgement): Finding {
  const [first] = faults;
  const more =
    faults.length > 1
      ? ` And ${faults.length - 1} more ${faults.length === 2 ? 'fault' : 'faults'}.`
      : '';
  if (first !== undefined)
    return { outcome: 'false', reason: `${first}${more}`, examined, population };
  for (const answer of needs) conclusive(answer);
  if (population === 0 || examined < population)
    return {
      outcome: 'unknown',
      reason: `Only ${examined} of ${population} could be examined.`,
      examined,
      population,
    };
  return { outcome: 'true', reason: holds, examined, population };
}
