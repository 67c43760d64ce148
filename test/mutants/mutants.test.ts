import { expect, it } from 'vitest';
import { onBothStores } from '../on-both-stores.ts';
import { serverProcesses } from '../server-process.ts';
import { notApplicable } from './applicable.ts';
import type { Edit } from './edit.ts';
import { blindCheck, countsNoAttemptsOnMongo, mutants } from './mutants.ts';
import { failing, type Statuses, statusesOf } from './run-of-checks.ts';

const patience = 180_000;

/** What a database that asks nobody for a password cannot help. */
const alwaysFailing = { libSQL: [], MongoDB: ['database-access'] } as const;
/** What asks much at once, and may be sent away by the database of these tests on a busy machine: then it is unverified. `checks.live.test.ts` sees both hold. */
const hindered: Record<'libSQL' | 'MongoDB', readonly string[]> = { libSQL: [], MongoDB: ['injection', 'rate-limits'] };
/** Of each store one mistake; `npm run mutants` makes them all. */
const [aMutant] = mutants;
const breaks: Record<'libSQL' | 'MongoDB', { what: string; edits: readonly Edit[]; claim: string }> = {
  libSQL: aMutant ?? { what: 'is no mutant', edits: [], claim: '' },
  MongoDB: { what: 'counts no attempts', edits: countsNoAttemptsOnMongo, claim: 'code-limits' },
};
/** Every claim that rests on checks, here. */
const carried = ['password-hashing', 'password-secrecy', 'session-cookies', 'email-verification', 'code-limits', 'factor-secrets', 'access-control', 'input-validation', 'injection', 'rate-limits', 'error-references', 'security-headers'];

it('every edit of a mutant applies to the sources as they are', async () => {
  const beside = [{ what: 'has a blind check', edits: blindCheck }, { what: 'counts no attempts on MongoDB', edits: countsNoAttemptsOnMongo }];
  expect(await notApplicable([...mutants, ...beside])).toEqual([]);
});

onBothStores('the security page', (makeDatabase, store) => {
  const servers = serverProcesses();
  const { what, edits, claim } = breaks[store];
  const notVerified = (statuses: Statuses) => carried.filter((one) => statuses[one] !== 'verified' && !hindered[store].includes(one));

  it(`shows ${claim} failing, and no other claim, when the build ${what}`, { timeout: patience }, async () => {
    const statuses = await statusesOf(servers, { database: await makeDatabase() }, edits);
    expect(failing(statuses), JSON.stringify(statuses)).toEqual([...alwaysFailing[store], claim].sort());
    expect(notVerified(statuses)).toEqual([claim]);
  });

  // What is verified beside one mistake is so without any; a run takes minutes there.
  if (store === 'MongoDB') return;
  it('says that everything holds which checks carry, in a healthy build', { timeout: patience }, async () => {
    const healthy = await statusesOf(servers, { database: await makeDatabase() }, []);
    expect(notVerified(healthy)).toEqual([]);
    expect(failing(healthy)).toEqual([]);
  });

  it('does not believe a check that has gone blind', { timeout: patience }, async () => {
    expect((await statusesOf(servers, { database: await makeDatabase() }, blindCheck))['error-references']).toBe('unverified');
  });
});
