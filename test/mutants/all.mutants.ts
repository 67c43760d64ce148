import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../temporary-directory.ts';
import { serverProcesses } from '../server-process.ts';
import { mutants } from './mutants.ts';
import { writeReport, type Result } from './report.ts';
import { failing, statusesOf } from './run-of-checks.ts';

const patience = 240_000;
/** Of all of them, so many must be caught by the claim that they break. */
const least = 0.95;

describe.concurrent('a build that', () => {
  const servers = serverProcesses();
  const results: Result[] = [];

  it.each(mutants)('$what fails $claim', { timeout: patience }, async ({ what, edits, claim, also = [] }) => {
    const database = { kind: 'libsql', path: join(await temporaryDirectory(), 'flowcept.db') } as const;
    const fails = failing(await statusesOf(servers, database, edits));
    results.push({ what, claim, caught: fails.includes(claim) });
    expect(fails, 'it is caught').toContain(claim);
    expect(fails.filter((one) => one !== claim), 'nothing else fails').toEqual(also.filter((one) => fails.includes(one)).toSorted());
  });

  afterAll(async () => {
    if (results.length < mutants.length) return;
    await writeReport(results);
    expect(results.filter(({ caught }) => caught).length / results.length).toBeGreaterThanOrEqual(least);
  });
});
