import { describe, inject } from 'vitest';
import type { DatabaseSetting } from '../src/environment.ts';
import { freshDatabase } from './mongodb.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export type MakeDatabase = () => Promise<DatabaseSetting>;
type Story = (database: MakeDatabase, store: 'libSQL' | 'MongoDB') => void;

/**
 * Runs the same tests on each store, in a database of its own. Without MongoDB its half is skipped,
 * and counted as skipped.
 */
export function onBothStores(title: string, story: Story): void {
  onLibsql(`${title} on libSQL`, story);
  const mongodb = inject('mongodb');
  describe.skipIf(mongodb === null)(`${title} on MongoDB`, () =>
    story(async () => ({ kind: 'mongodb', url: freshDatabase(mongodb ?? '') }), 'MongoDB'),
  );
}

/** Runs tests that do not depend on a store on the store that every machine has. */
export function onLibsql(title: string, story: Story): void {
  describe(title, () =>
    story(
      async () => ({ kind: 'libsql', path: `${await temporaryDirectory()}/flowcept.db` }),
      'libSQL',
    ),
  );
}
