import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeContract } from '../contract/store-contract.ts';
import { openLibsqlStore } from './open.ts';

storeContract(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'flowcept-libsql-'));
  const options = { path: join(folder, 'flowcept.db'), encryptionKey: 'a key for tests only' };
  const [store, second] = await Promise.all([openLibsqlStore(options), openLibsqlStore(options)]);
  return {
    store,
    second,
    async close() {
      await Promise.all([store.close(), second.close()]);
      await rm(folder, { recursive: true });
    },
  };
});
