import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../src/package-root.ts';
import { claims, isClaimId, type ClaimId } from '../../src/trust/claims/claims.ts';
import { type Mutant, mutants } from './mutants.ts';
import { isCaught, type Result } from './results.ts';
import { editsOn, type Store, stores } from './stores.ts';

type Outcome = 'caught' | 'missed' | 'not made';
interface Line {
  mutant: Mutant;
  on: Record<Store, Outcome>;
  runs: number;
}

/** Whether every mutant has run on every store that it applies to. */
export function isComplete(results: readonly Result[]): boolean {
  return stores.every((store) =>
    mutants.every(
      (mutant) => editsOn(mutant, store) === null || resultOf(results, mutant, store) !== undefined,
    ),
  );
}

export function shareCaught(results: readonly Result[]): number {
  return results.filter(isCaught).length / results.length;
}

/**
 * Writes what was detected, claim by claim: for readers to `docs`, for the security page to
 * `assets`, where a mutant counts only if it was detected on each store.
 */
export async function writeReport(results: readonly Result[]): Promise<void> {
  const ranOn = new Date().toISOString().slice(0, 10);
  const lines = mutants.map((mutant) => lineOf(mutant, results));
  const byClaim = Object.keys(claims)
    .filter(isClaimId)
    .map((claim) => ({ claim, of: lines.filter(({ mutant }) => mutant.claim === claim) }))
    .filter(({ of }) => of.length > 0);
  const counts = Object.fromEntries(
    byClaim.map(({ claim, of }) => [
      claim,
      { caught: of.filter(isCaughtEverywhere).length, total: of.length },
    ]),
  );
  await writeFile(
    join(packageRoot, 'assets', 'mutants.json'),
    `${JSON.stringify({ ranOn, claims: counts }, null, 2)}\n`,
  );
  await writeFile(join(packageRoot, 'docs', 'mutants.md'), asText(ranOn, byClaim, lines));
}

function lineOf(mutant: Mutant, results: readonly Result[]): Line {
  const found = stores.map((store) => [store, resultOf(results, mutant, store)] as const);
  const outcome = (store: Store): Outcome => {
    const result = resultOf(results, mutant, store);
    return result ? (isCaught(result) ? 'caught' : 'missed') : 'not made';
  };
  return {
    mutant,
    on: { libSQL: outcome('libSQL'), MongoDB: outcome('MongoDB') },
    runs: Math.max(...found.map(([, result]) => result?.runs ?? 0)),
  };
}

function resultOf(results: readonly Result[], { what }: Mutant, store: Store): Result | undefined {
  return results.find((result) => result.what === what && result.store === store);
}

function isCaughtEverywhere({ on }: Line): boolean {
  return stores.every((store) => on[store] !== 'missed');
}

function asText(
  ranOn: string,
  byClaim: readonly { claim: ClaimId; of: readonly Line[] }[],
  lines: readonly Line[],
): string {
  const missed = stores.flatMap((store) =>
    lines
      .filter(({ on }) => on[store] === 'missed')
      .map(({ mutant }) => `- on ${store}, a build that ${mutant.what} (\`${mutant.claim}\`)`),
  );
  const elsewhere = lines.flatMap(({ mutant: { what, only } }) =>
    only ? [`- on ${only.store} only, a build that ${what}: ${only.because}`] : [],
  );
  const again = lines
    .filter(({ runs }) => runs > 1)
    .map(({ mutant, runs }) => `- a build that ${mutant.what}: ${runs} runs`);
  return `# Mutants

Written by \`npm run mutants\`, which breaks the application in ${lines.length} ways, one at a time, serves each build on each store, and lets its checks run. On ${ranOn} the claim that a break belongs to was seen to fail ${stores.map((store) => `in ${count(lines, store, 'caught')} of ${count(lines, store, 'caught') + count(lines, store, 'missed')} on ${store}`).join(' and ')}.

| claim | ${stores.join(' | ')} | builds that |
| --- | ---${stores.map(() => ' | ---').join('')} |
${byClaim.map(({ claim, of }) => `| \`${claim}\` | ${stores.map((store) => cell(of, store)).join(' | ')} | ${of.map(({ mutant }) => mutant.what).join('; ')} |`).join('\n')}

A claim without a line here has not been tried in this way.

## Missed: ${missed.length}

${listed(missed)}

## Made on one store only: ${elsewhere.length}

${listed(elsewhere)}

## Run more than once: ${again.length}

A result that was not the expected one is run again by the next \`npm run mutants\`; the last run counts.

${listed(again)}
`;
}

function cell(of: readonly Line[], store: Store): string {
  const total = count(of, store, 'caught') + count(of, store, 'missed');
  return total === 0 ? 'none' : `${count(of, store, 'caught')} of ${total}`;
}

function count(lines: readonly Line[], store: Store, outcome: Outcome): number {
  return lines.filter(({ on }) => on[store] === outcome).length;
}

function listed(items: readonly string[]): string {
  return items.length === 0 ? 'None.' : items.join('\n');
}
