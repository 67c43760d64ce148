import { describe, inject } from 'vitest';
import type { DatabaseSetting } from '../src/config.ts';
import { freshDatabase } from './mongodb.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export type MakeDatabase = () => Promise<DatabaseSetting>;

/** The same story on each store, in a database of its own. Without a MongoDB its half is skipped, and counted as that. */
export function onBothStores(title: string, story: (database: MakeDatabase, store: 'libSQL' | 'MongoDB') => void): void {
  describe(`${title} on libSQL`, () => story(async () => ({ kind: 'libsql', path: `${await temporaryDirectory()}/flowcept.db` }), 'libSQL'));
  const mongodb = inject('mongodb');
  describe.skipIf(mongodb === null)(`${title} on MongoDB`, () =>
    story(async () => ({ kind: 'mongodb', url: freshDatabase(mongodb ?? '') }), 'MongoDB'),
  );
}
