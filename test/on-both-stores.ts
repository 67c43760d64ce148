import { describe, inject } from 'vitest';
import type { DatabaseSetting } from '../src/config.ts';
import { freshDatabase } from './mongodb.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export type MakeDatabase = () => Promise<DatabaseSetting>;
type Story = (database: MakeDatabase, store: 'libSQL' | 'MongoDB') => void;

/** The same story on each store, in a database of its own. Without a MongoDB its half is skipped, and counted as that. */
export function onBothStores(title: string, story: Story): void {
  onLibsql(`${title} on libSQL`, story);
  const mongodb = inject('mongodb');
  describe.skipIf(mongodb === null)(`${title} on MongoDB`, () =>
    story(async () => ({ kind: 'mongodb', url: freshDatabase(mongodb ?? '') }), 'MongoDB'),
  );
}

/** A story that no store takes part in, told on the one that every machine has. */
export function onLibsql(title: string, story: Story): void {
  describe(title, () =>
    story(
      async () => ({ kind: 'libsql', path: `${await temporaryDirectory()}/flowcept.db` }),
      'libSQL',
    ),
  );
}
