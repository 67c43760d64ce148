import { inject, test } from 'vitest';
import { freshDatabase } from '../../../test/mongodb.ts';
import { temporaryDirectory } from '../../../test/temporary-directory.ts';
import { openLibsqlStore } from '../libsql/open.ts';
import { openMongoStore } from '../mongo/open.ts';
import type { Store } from '../port.ts';
import { sameAnswers } from './random-operations.ts';

const url = inject('mongodb');
const closing = (store: Store) => ({ store, close: () => store.close() });

test.skipIf(url === null)(
  'libSQL and MongoDB return the same results for any sequence of operations',
  { timeout: 90_000 },
  async () => {
    const openLibsql = async () =>
      closing(
        await openLibsqlStore({
          path: `${await temporaryDirectory()}/flowcept.db`,
          encryptionKey: 'a key for tests only',
        }),
      );
    const openMongo = async () => closing(await openMongoStore({ url: freshDatabase(url ?? '') }));
    await sameAnswers(openLibsql, openMongo, 40_000);
  },
);
