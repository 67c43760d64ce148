import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../src/package-root.ts';
import { claims, isClaimId, type ClaimId } from '../../src/trust/claims.ts';

export interface Result {
  what: string;
  claim: ClaimId;
  caught: boolean;
}

/** Writes down what was caught, claim by claim: for people in `docs`, for the security page in `assets`. */
export async function writeReport(results: readonly Result[]): Promise<void> {
  const ranOn = new Date().toISOString().slice(0, 10);
  const counts = Object.keys(claims).filter(isClaimId).map((claim) => ({ claim, of: results.filter((result) => result.claim === claim) })).filter(({ of }) => of.length > 0);
  const asData = { ranOn, claims: Object.fromEntries(counts.map(({ claim, of }) => [claim, { caught: caught(of).length, total: of.length }])) };
  await writeFile(join(packageRoot, 'assets', 'mutants.json'), `${JSON.stringify(asData, null, 2)}\n`);
  await writeFile(join(packageRoot, 'docs', 'mutants.md'), asText(ranOn, counts, results));
}

function asText(ranOn: string, counts: readonly { claim: ClaimId; of: readonly Result[] }[], results: readonly Result[]): string {
  const missed = results.filter((result) => !result.caught);
  return `# Mutants

Written by \`npm run mutants\`, which breaks the built application in ${results.length} ways, one at a time, serves each, and lets its checks run. On ${ranOn} the claim that a break belongs to was seen to fail in ${caught(results).length} of ${results.length}.

| claim | caught | builds that |
| --- | --- | --- |
${counts.map(({ claim, of }) => `| \`${claim}\` | ${caught(of).length} of ${of.length} | ${of.map(({ what, caught }) => (caught ? what : `**missed:** ${what}`)).join('; ')} |`).join('\n')}

${missed.length === 0 ? 'None was missed.' : `Missed: ${missed.map(({ what, claim }) => `a build that ${what} (${claim})`).join('; ')}.`} A claim without a line here has not been tried in this way.
`;
}

function caught(results: readonly Result[]): readonly Result[] {
  return results.filter((result) => result.caught);
}
