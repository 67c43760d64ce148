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

/** Claims that fail on a database that requires no password. */
const alwaysFailing = { libSQL: [], MongoDB: ['database-access'] } as const;
/**
 * Claims whose checks send many requests at once. A busy machine’s test database may refuse some,
 * and the claim is then unverified. `checks.live.test.ts` sees both verified.
 */
const hindered: Record<'libSQL' | 'MongoDB', readonly string[]> = {
  libSQL: [],
  MongoDB: ['injection', 'rate-limits'],
};
/** One mutant for each store; `npm run mutants` runs all of them. */
const [aMutant] = mutants;
const breaks: Record<
  'libSQL' | 'MongoDB',
  { what: string; edits: readonly Edit[]; claim: string }
> = {
  libSQL: aMutant ?? { what: 'is no mutant', edits: [], claim: '' },
  MongoDB: { what: 'counts no attempts', edits: countsNoAttemptsOnMongo, claim: 'code-limits' },
};
/** Every claim that is decided by checks, for this deployment. */
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

it('every edit of a mutant applies to the current source', async () => {
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

it('every mutant of one store’s adapter has a counterpart for the other, or a reason why not', async () => {
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

it('all mutants have distinct names', () => {
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

  // A claim that is verified beside one fault is verified without any; a run takes minutes there.
  if (store === 'MongoDB') return;
  it(
    'an intact build verifies every claim that is decided by checks',
    { timeout: timeoutMs },
    async () => {
      const healthy = await statusesOf(servers, { database: await makeDatabase() }, []);
      expect(notVerified(healthy)).toEqual([]);
      expect(failing(healthy)).toEqual([]);
    },
  );

  it(
    'a check that misses its negative controls is not trusted',
    { timeout: timeoutMs },
    async () => {
      expect(
        (await statusesOf(servers, { database: await makeDatabase() }, blindCheck))[
          'error-references'
        ],
      ).toBe('unverified');
    },
  );
});
