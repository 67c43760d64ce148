import { afterAll, describe, expect, it } from 'vitest';
import { type Servers, serverProcesses } from '../server-process.ts';
import type { Edit } from './edit.ts';
import { type Mutant, mutants } from './mutants.ts';
import { isComplete, shareCaught, writeReport } from './report.ts';
import { isSettled, Results } from './results.ts';
import { failing, type Statuses, statusesOf } from './run-of-checks.ts';
import { partOf, readRun } from './run.ts';
import { editsOn } from './stores.ts';
import { type Grounds, makeGrounds, type Surroundings } from './surroundings.ts';

const timeoutMs = 900_000;
/** The share of mutants that the claim they break must detect. */
const least = 0.95;

const run = readRun(process.env);
const { store } = run;
const results = new Results(run.name);

/**
 * Claims that do not apply to every deployment are verified where they apply, in an intact build.
 */
const healthyIn: Record<typeof store, readonly { on: Surroundings; claims: readonly string[] }[]> =
  {
    libSQL: [
      {
        on: 'an empty database',
        claims: ['encryption-at-rest', 'secrets', 'social-sign-in', 'oauth-scopes', 'oauth-state'],
      },
      { on: 'TLS', claims: ['tls', 'https-redirect', 'session-cookies'] },
    ],
    MongoDB: [
      {
        on: 'an empty database',
        claims: ['database-access', 'secrets', 'social-sign-in', 'oauth-scopes', 'oauth-state'],
      },
      { on: 'TLS', claims: ['tls', 'https-redirect', 'session-cookies'] },
    ],
  };

describe.concurrent(`on ${store} a build that`, () => {
  const [servers, grounds] = [serverProcesses(), makeGrounds()];

  for (const mutant of partOf(mutants, run)) {
    const { what, claim, on = 'an empty database', also = [] } = mutant;
    const edits = editsOn(mutant, store);
    const isDue = edits !== null && !isSettled(results.of({ what, store }));
    it.runIf(isDue)(titleOf(mutant), { timeout: timeoutMs }, async () => {
      const statuses = await statusesIn(on, edits ?? [], { servers, grounds });
      const fails = failing(statuses);
      const beside = fails.filter(
        (one) => one !== claim && !also.some((expected) => expected === one),
      );
      results.add({ what, claim, store, status: statuses[claim] ?? 'absent', beside });
      expect(statuses[claim], 'it is caught').toBe('failing');
      expect(beside, 'nothing else fails').toEqual([]);
    });
  }

  it.each(partOf(healthyIn[store], run))(
    'an intact build verifies $claims on $on',
    { timeout: timeoutMs },
    async ({ on, claims }) => {
      const statuses = await statusesIn(on, [], { servers, grounds });
      expect(failing(statuses)).toEqual([]);
      expect(
        claims.filter((claim) => statuses[claim] !== 'verified'),
        JSON.stringify(statuses),
      ).toEqual([]);
    },
  );

  afterAll(async () => {
    await grounds.clear();
    const all = results.all();
    if (!isComplete(all)) return;
    await writeReport(all);
    expect(shareCaught(all)).toBeGreaterThanOrEqual(least);
  });
});

function titleOf({ what, claim, only }: Mutant): string {
  if (only && only.store !== store) return `${what} is made on ${only.store} only: ${only.because}`;
  return `${what} fails ${claim}`;
}

async function statusesIn(
  which: Surroundings,
  edits: readonly Edit[],
  { servers, grounds }: { servers: Servers; grounds: Grounds },
): Promise<Statuses> {
  return statusesOf(servers, await grounds.prepare(which, store), edits);
}
