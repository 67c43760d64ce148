import { afterAll, describe, expect, it } from 'vitest';
import { type Servers, serverProcesses } from '../server-process.ts';
import { mutants } from './mutants.ts';
import type { Edit } from './edit.ts';
import { writeReport, type Result } from './report.ts';
import { failing, type Statuses, statusesOf } from './run-of-checks.ts';
import { makeSurroundings, type Surroundings } from './surroundings.ts';

const patience = 240_000;
/** Of all of them, so many must be caught by the claim that they break. */
const least = 0.95;

/** Claims that are not about every deployment hold where they apply, in a build that is not broken. */
const healthyIn: readonly { on: Surroundings; claims: readonly string[] }[] = [
  { on: 'an empty file', claims: ['encryption-at-rest', 'secrets', 'social-sign-in', 'oauth-scopes', 'oauth-state'] },
  { on: 'TLS', claims: ['tls', 'https-redirect', 'session-cookies'] },
  { on: 'MongoDB as its one account', claims: ['database-access'] },
];

describe.concurrent('a build that', () => {
  const servers = serverProcesses();
  const results: Result[] = [];

  it.each(mutants)('$what fails $claim', { timeout: patience }, async ({ what, edits, on = 'an empty file', claim, also = [] }) => {
    const fails = failing(await statusesIn(servers, on, edits));
    results.push({ what, claim, caught: fails.includes(claim) });
    expect(fails, 'it is caught').toContain(claim);
    expect(fails.filter((one) => one !== claim), 'nothing else fails').toEqual(also.filter((one) => fails.includes(one)).toSorted());
  });

  it.each(healthyIn)('is not broken shows $claims on $on', { timeout: patience }, async ({ on, claims }) => {
    const statuses = await statusesIn(servers, on, []);
    expect(failing(statuses)).toEqual([]);
    expect(claims.filter((claim) => statuses[claim] !== 'verified'), JSON.stringify(statuses)).toEqual([]);
  });

  afterAll(async () => {
    if (results.length < mutants.length) return;
    await writeReport(results);
    expect(results.filter(({ caught }) => caught).length / results.length).toBeGreaterThanOrEqual(least);
  });
});

async function statusesIn(servers: Servers, which: Surroundings, edits: readonly Edit[]): Promise<Statuses> {
  const { launch, end } = await makeSurroundings(which);
  return statusesOf(servers, launch, edits).finally(end);
}
