import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../temporary-directory.ts';
import { mutants } from './mutants.ts';
import { isComplete } from './report.ts';
import { isSettled, type Result, Results } from './results.ts';
import { partOf, readRun } from './run.ts';
import { editsOn, stores } from './stores.ts';

const one: Omit<Result, 'runs' | 'at'> = {
  what: 'counts no attempts',
  claim: 'code-limits',
  store: 'libSQL',
  status: 'failing',
  beside: [],
};

it('an interrupted shard knows which mutants it and the others have run', async () => {
  const directory = join(await temporaryDirectory(), 'mutants');
  new Results('libsql-1-of-2', directory).add(one);
  new Results('mongodb-1-of-2', directory).add({ ...one, store: 'MongoDB' });
  const again = new Results('libsql-2-of-2', directory);
  expect(isSettled(again.of(one))).toBe(true);
  expect(again.of({ ...one, what: 'allows eight attempts' })).toBe(null);
  expect(
    again
      .all()
      .map(({ store }) => store)
      .toSorted(),
  ).toEqual(['MongoDB', 'libSQL']);
  expect(new Results('libsql-1-of-2', join(directory, 'of-another-build')).all()).toEqual([]);
});

it('a mutant that was missed, or failed another claim, is run again and counted', async () => {
  const directory = await temporaryDirectory();
  const first = new Results('libsql-1-of-1', directory);
  first.add({ ...one, status: 'unverified' });
  expect(isSettled(first.of(one))).toBe(false);
  first.add({ ...one, beside: ['secrets'] });
  expect(isSettled(first.of(one))).toBe(false);
  new Results('libsql-1-of-1', directory).add(one);
  expect(first.of(one)).toMatchObject({ status: 'failing', runs: 3 });
  expect(await readdir(directory)).toEqual(['libsql-1-of-1.json']);
});

it('a manipulated file of results is rejected', async () => {
  const directory = await temporaryDirectory();
  await writeFile(
    join(directory, 'libsql-1-of-1.json'),
    '[{"what":"counts no attempts","status":"failing"}]',
  );
  expect(() => new Results('libsql-1-of-1', directory)).toThrow();
});

it('the shards together contain each mutant once', () => {
  const shards = [1, 2, 3, 4, 5].flatMap((shard) =>
    partOf(mutants, readRun({ FLOWCEPT_MUTANTS_SHARD: `${shard}/5` })),
  );
  expect(shards).toHaveLength(mutants.length);
  expect(new Set(shards)).toEqual(new Set(mutants));
  for (const shard of ['0/5', '6/5', '1', '1/x'])
    expect(() => readRun({ FLOWCEPT_MUTANTS_SHARD: shard })).toThrow('for example 3/12');
  expect(() => readRun({ FLOWCEPT_MUTANTS_STORE: 'sqlite' })).toThrow('libsql or mongodb');
});

it('the report waits for every mutant on every store that it applies to', () => {
  const all = stores.flatMap((store) =>
    mutants
      .filter((mutant) => editsOn(mutant, store))
      .map(({ what, claim }) => ({ ...one, beside: [], what, claim, store, runs: 1, at: '' })),
  );
  expect(isComplete(all)).toBe(true);
  expect(isComplete(all.slice(1))).toBe(false);
  expect(isComplete(all.slice(0, -1))).toBe(false);
});
