import { attacks } from '../../attacks/all.ts';
import { drill as fireAll, unsuitable, type Result } from '../../attacks/drill.ts';
import { notYet } from '../../attacks/not-yet.ts';
import { StartRefused } from '../config.ts';
import type { Command } from './command.ts';
import { brief, printableJson } from './plain-text.ts';

const marks: Record<Result['outcome'], string> = {
  blocked: '✓',
  succeeded: '✗',
  'not applicable': '–',
  error: '?',
};

export const drill: Command = {
  summary: 'runs the attack cases against a deployment on this machine with a sandbox mailbox',
  argument: 'URL',
  async run({ json, argument }) {
    const origin = argument !== null && URL.canParse(argument) ? new URL(argument) : null;
    const reason = origin
      ? await unsuitable(origin)
      : 'Name the deployment: node bin/flowcept.js drill http://localhost:3000';
    if (!origin || reason !== null) throw new StartRefused([reason ?? '']);
    const results = await fireAll(origin, attacks, (result) => {
      if (!json) console.log(line(result));
    });
    const report = [...results, ...notYet.map(asResult)];
    console.log(json ? printableJson({ target: origin.origin, results: report }) : summary(report));
    return exitCode(results);
  },
};

function line({ id, title, outcome, detail, milliseconds }: Result): string {
  const time = `${(milliseconds / 1000).toFixed(1)} s`.padStart(7);
  return `${marks[outcome]} ${id.padEnd(5)} ${time}  ${title}${detail === '' ? '' : `\n${' '.repeat(16)}${outcome}: ${brief(detail)}`}`;
}

function asResult({ id, title, waitsFor }: (typeof notYet)[number]): Result {
  return { id, title, source: '', outcome: 'not applicable', detail: waitsFor, milliseconds: 0 };
}

function summary(report: readonly Result[]): string {
  const of = (outcome: Result['outcome']) => report.filter((result) => result.outcome === outcome);
  const absent = of('not applicable').map(
    ({ id, title, detail }) => `– ${id.padEnd(5)} ${title}: ${detail}`,
  );
  const counts = (['blocked', 'succeeded', 'not applicable', 'error'] as const).map(
    (outcome) => `${of(outcome).length} ${outcome}`,
  );
  return ['', 'Not applicable:', ...absent, '', counts.join(', ')].join('\n');
}

/** A successful attack outweighs a case that could not run. */
function exitCode(results: readonly Result[]): number {
  if (results.some(({ outcome }) => outcome === 'succeeded')) return 1;
  return results.some(({ outcome }) => outcome === 'error') ? 2 : 0;
}
