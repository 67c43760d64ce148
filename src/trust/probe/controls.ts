import type { Outcome } from '../../api/trust.ts';
import { type Sources, makeCheckContext } from './check-context.ts';
import type { Finding, Check, Control } from './check.ts';
import { type Recording, record, type Tamper, replay } from './recording.ts';
export interface Performed {
  finding: Omit<Finding, 'outcome'> & { outcome: Outcome };
  /** What was detected: a line with the count, then one per control. */
  control: { caught: boolean; saw: string };
}

/**
 * Runs a check, records its observations and then verifies the check itself. The same examination must have the same
 * result on the unchanged recording, and must find a fault in every negative control. A success of a check that cannot
 * fail is an error.
 */
export async function perform(check: Check, sources: Sources): Promise<Performed> {
  const recording: Recording = new Map();
  const finding = await check.examine(makeCheckContext(record(recording), sources));
  if (finding.outcome !== 'true' && finding.outcome !== 'false')
    return {
      finding,
      control: { caught: false, saw: 'Not run: the check has no result to test.' },
    };
  const again = (tamper: Tamper) =>
    check
      .examine(makeCheckContext(replay(recording, tamper), sources))
      .then(({ outcome }) => outcome, describe);
  const controls = check.controls.filter(({ on }) => on?.(sources.site) ?? true);
  const control = await tryControls(controls, finding.outcome, again);
  if (finding.outcome === 'false' || control.caught) return { finding, control };
  return {
    finding: {
      ...finding,
      outcome: 'error',
      reason: `The check did not show that it can fail. ${control.saw}`,
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
    return {
      caught: false,
      saw: `The replay of the unchanged recording gave another result: “${untouched}”.`,
    };
  const missed: string[] = [];
  for (const { where, tamper } of controls) {
    const came = await again(typeof tamper === 'function' ? tamper() : tamper);
    if (came !== 'false') missed.push(`Not detected: ${where} (result: “${came}”).`);
  }
  if (controls.length === 0) return { caught: false, saw: 'The check has no negative controls.' };
  if (missed.length > 0) return { caught: false, saw: missed.join(' ') };
  return {
    caught: true,
    saw: [
      `${controls.length} of ${controls.length} detected`,
      ...controls.map(({ where }) => where),
    ].join('\n'),
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
