import type { Outcome, Vantage } from '../../api/trust.ts';
import { minute, hour } from '../../clock.ts';
import { type CheckContext, type Site } from './check-context.ts';
import { conclusive, type CheckResponse } from './exchange.ts';
import { type Tamper } from './recording.ts';

export interface Finding {
  outcome: Exclude<Outcome, 'error'>;
  /** One sentence for the public page: counts, no names. */
  reason: string;
  /** Number of items examined. */
  examined: number;
  population: number;
}

/** A negative control: the recording of the healthy deployment, changed to have one fault. */
export interface Control {
  /** The fault, as a phrase: “cookie without HttpOnly”. */
  where: string;
  /** A function if the fault is stateful; each use then starts with fresh state. */
  tamper: Tamper | (() => Tamper);
  /** Leaves the control out on sites where it would not be a fault. */
  on?: (site: Site) => boolean;
}

/** How a reader can reproduce the check on their own machine: one harmless command. */
interface ByHand {
  command(origin: string): string;
  /** The output if the claim holds. */
  expect: string;
}

/**
 * One question to a deployment. A check first makes all observations and then judges, so that a replay is never asked
 * for something that was not recorded.
 */
export interface Check {
  id: string;
  version: string;
  title: string;
  method: 'TEST' | 'EXAMINE';
  vantage: Vantage;
  /** Milliseconds between two runs, and after which a success expires. */
  cadence: number;
  ttl: number;
  /** What the check does not prove. */
  limits: string;
  /** How a reader can reproduce the check from outside. */
  byHand?: ByHand;
  examine(context: CheckContext): Promise<Finding>;
  /** Every control must be detected whenever the check finds nothing wrong. */
  controls: readonly Control[];
}

/** Cadence and lifetime of checks that take a few requests, and of those that create accounts or read everything. */
export const oftenFromOutside = { cadence: 15 * minute, ttl: hour } as const;
export const fourTimesADay = { cadence: 6 * hour, ttl: 24 * hour } as const;

interface Judgement {
  faults: readonly string[];
  /** Responses that must be conclusive for the check to pass. */
  needs?: readonly CheckResponse[];
  /** The reason shown when the check passes. */
  holds: string;
  examined: number;
  population?: number;
}

/**
 * Fails if any fault was found, even if other observations were inconclusive. Passes if there is no fault and
 * everything needed was conclusive. @throws Hindered · Inconclusive if there is no fault but something needed was
 * inconclusive
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
