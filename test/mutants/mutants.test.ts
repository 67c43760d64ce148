import { expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { onLibsql } from '../on-both-stores.ts';
import { serverProcesses } from '../server-process.ts';
import { notApplicable } from './applicable.ts';
import { editedSources } from './apply.ts';
import type { Edit } from './edit.ts';
import { blindCheck, mutants } from './mutants.ts';
import { failing, type Statuses, statusesOf } from './run-of-checks.ts';
import { readSources } from './sources.ts';
import { editsOn, stores } from './stores.ts';

const timeoutMs = 180_000;

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

/** The fastest proof that mutants are detected; `npm run mutants` runs all of them on both stores. */
onLibsql('the security page', (makeDatabase) => {
  const servers = serverProcesses();
  const notVerified = (statuses: Statuses) => carried.filter((one) => statuses[one] !== 'verified');
  const served = async (edits: readonly Edit[]) =>
    statusesOf(servers, { database: await makeDatabase() }, edits);

  it('shows the claim of a mutant failing, and no other', { timeout: timeoutMs }, async () => {
    const claim = 'password-hashing';
    const mutant = mutants.find((one) => one.claim === claim);
    const statuses = await served(mutant?.edits ?? []);
    expect(failing(statuses), JSON.stringify(statuses)).toEqual([claim]);
    expect(notVerified(statuses)).toEqual([claim]);
  });

  it(
    'verifies every claim that is decided by checks, if the build is intact',
    { timeout: timeoutMs },
    async () => {
      const healthy = await served([]);
      expect(notVerified(healthy)).toEqual([]);
      expect(failing(healthy)).toEqual([]);
    },
  );

  it(
    'does not trust a check that misses its negative controls',
    { timeout: timeoutMs },
    async () => {
      expect((await served(blindCheck))['error-references']).toBe('unverified');
    },
  );
});
