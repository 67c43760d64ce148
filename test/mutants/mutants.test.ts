import { expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { onBothStores } from '../on-both-stores.ts';
import { serverProcesses } from '../server-process.ts';
import { notApplicable } from './applicable.ts';
import { editedSources } from './apply.ts';
import type { Edit } from './edit.ts';
import { blindCheck, countsNoAttemptsOnMongo, mutants } from './mutants.ts';
import { failing, type Statuses, statusesOf } from './run-of-checks.ts';
import { readSources } from './sources.ts';
import { editsOn, stores } from './stores.ts';

const timeoutMs = 180_000;

/** What a database that asks nobody for a password cannot help. */
const alwaysFailing = { libSQL: [], MongoDB: ['database-access'] } as const;
/** What asks much at once, and may be sent away by the database of these tests on a busy machine: then it is unverified. `checks.live.test.ts` sees both hold. */
const hindered: Record<'libSQL' | 'MongoDB', readonly string[]> = {
  libSQL: [],
  MongoDB: ['injection', 'rate-limits'],
};
/** Of each store one mistake; `npm run mutants` makes them all. */
const [aMutant] = mutants;
const breaks: Record<
  'libSQL' | 'MongoDB',
  { what: string; edits: readonly Edit[]; claim: string }
> = {
  libSQL: aMutant ?? { what: 'is no mutant', edits: [], claim: '' },
  MongoDB: { what: 'counts no attempts', edits: countsNoAttemptsOnMongo, claim: 'code-limits' },
};
/** Every claim that rests on checks, here. */
const carried = [
  'password-hashing',
  'password-secrecy',
  'session-cookies',
  'email-verification',
  'code-limits',
  'factor-secrets',
  'access-control',
  'input-validation',
  'injection',
  'rate-limits',
  'error-references',
  'security-headers',
];

it('every edit of a mutant applies to the sources as they are', async () => {
  const made = stores.flatMap((store) =>
    mutants.map((mutant) => ({
      what: `${mutant.what}, on ${store}`,
      edits: editsOn(mutant, store) ?? [],
    })),
  );
  expect(await notApplicable([...made, { what: 'has a blind check', edits: blindCheck }])).toEqual(
    [],
  );
});

it('every mutant of the adapter of one store is made in the other one, too, or says why not', async () => {
  const sources = await readSources(packageRoot);
  const touches = (edits: readonly Edit[], adapter: string) =>
    [...editedSources(sources, edits).keys()].some((path) => path.startsWith(adapter));
  const astray = mutants.filter(
    (mutant) =>
      touches(editsOn(mutant, 'MongoDB') ?? [], 'src/store/libsql/') ||
      touches(editsOn(mutant, 'libSQL') ?? [], 'src/store/mongo/'),
  );
  expect(astray.map(({ what }) => what)).toEqual([]);
});

it('no two mutants are called the same', () => {
  const names = mutants.map(({ what }) => what);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

onBothStores('the security page', (makeDatabase, store) => {
  const servers = serverProcesses();
  const { what, edits, claim } = breaks[store];
  const notVerified = (statuses: Statuses) =>
    carried.filter((one) => statuses[one] !== 'verified' && !hindered[store].includes(one));

  it(
    `shows ${claim} failing, and no other claim, when the build ${what}`,
    { timeout: timeoutMs },
    async () => {
      const statuses = await statusesOf(servers, { database: await makeDatabase() }, edits);
      expect(failing(statuses), JSON.stringify(statuses)).toEqual(
        [...alwaysFailing[store], claim].sort(),
      );
      expect(notVerified(statuses)).toEqual([claim]);
    },
  );

  // What is verified beside one mistake is so without any; a run takes minutes there.
  if (store === 'MongoDB') return;
  it(
    'says that everything holds which checks carry, in a healthy build',
    { timeout: timeoutMs },
    async () => {
      const healthy = await statusesOf(servers, { database: await makeDatabase() }, []);
      expect(notVerified(healthy)).toEqual([]);
      expect(failing(healthy)).toEqual([]);
    },
  );

  it('does not believe a check that has gone blind', { timeout: timeoutMs }, async () => {
    expect(
      (await statusesOf(servers, { database: await makeDatabase() }, blindCheck))[
        'error-references'
      ],
    ).toBe('unverified');
  });
});
