import { conclusive, type Answer } from './exchange.ts';
import { makeEyes, type Eyes, type Site, type Sources } from './check-context.ts';
import type { Outcome } from '../claims/observation.ts';
import type { Vantage } from '../../api/trust.ts';
import { record, replay, type Recording, type Tamper } from './recording.ts';

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
  /** What is broken, after “a twin …”. */
  where: string;
  /** A function where the fault needs a memory, which is then each time a new one. */
  tamper: Tamper | (() => Tamper);
  /** Where it would not be broken, it is left out. */
  on?: (site: Site) => boolean;
}

/** How a reader tries the same on their own machine, in one line that harms nothing. */
export interface ByHand {
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
  /** Where a reader can see the same from outside. */
  byHand?: ByHand;
  examine(eyes: Eyes): Promise<Finding>;
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
  needs?: readonly Answer[];
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
  const more = faults.length > 1 ? ` And ${faults.length - 1} more.` : '';
  if (first !== undefined)
    return { outcome: 'false', reason: `${first}${more}`, examined, population };
  for (const answer of needs) conclusive(answer);
  if (population === 0 || examined < population)
    return {
      outcome: 'unknown',
      reason: `Only ${examined} of ${population} could be looked at.`,
      examined,
      population,
    };
  return { outcome: 'true', reason: holds, examined, population };
}

export interface Performed {
  finding: Omit<Finding, 'outcome'> & { outcome: Outcome };
  /** What was caught stands in lines: how many, then each by itself. */
  control: { caught: boolean; saw: string };
}

/**
 * Examines, records what was seen, and then tries the check itself: the same examination must come to the same end on the
 * untouched recording, and must find something wrong on every tampered one. A success of a check that could not fail is an error.
 */
export async function perform(check: Check, sources: Sources): Promise<Performed> {
  const recording: Recording = new Map();
  const finding = await check.examine(makeEyes(record(recording), sources));
  if (finding.outcome !== 'true' && finding.outcome !== 'false')
    return { finding, control: { caught: false, saw: 'Not tried: there was nothing to break.' } };
  const again = (tamper: Tamper) =>
    check
      .examine(makeEyes(replay(recording, tamper), sources))
      .then(({ outcome }) => outcome, describe);
  const controls = check.controls.filter(({ on }) => on?.(sources.site) ?? true);
  const control = await tryControls(controls, finding.outcome, again);
  if (finding.outcome === 'false' || control.caught) return { finding, control };
  return {
    finding: {
      ...finding,
      outcome: 'error',
      reason: `The check did not prove that it can fail. ${control.saw}`,
    },
    control,
  };
}

async function tryControls(
  controls: readonly Control[],
  outcome: string,
  again: (tamper: Tamper) => Promise<string>,
): Promise<Performed['control']> {
  const untouched = await again({});
  if (untouched !== outcome)
    return { caught: false, saw: `The same recording, untouched, came out as “${untouched}”.` };
  const missed: string[] = [];
  for (const { where, tamper } of controls) {
    const came = await again(typeof tamper === 'function' ? tamper() : tamper);
    if (came !== 'false') missed.push(`Not caught: a twin ${where} (it came out as “${came}”).`);
  }
  if (controls.length === 0) return { caught: false, saw: 'It has no broken twin to catch.' };
  if (missed.length > 0) return { caught: false, saw: missed.join(' ') };
  return {
    caught: true,
    saw: [
      `Caught ${controls.length} of ${controls.length}, a twin`,
      ...controls.map(({ where }) => where),
    ].join('\n'),
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
