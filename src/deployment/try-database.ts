import type { Config } from '../config.ts';
import { tryToCreateFile } from '../crypto/create-file.ts';
import { openDataKey } from '../crypto/key-files.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { openPepper } from '../crypto/pepper.ts';
import { openSigningKey } from '../crypto/signing-key.ts';
import { examineFile, openStore } from '../store/open-store.ts';
import type { Store } from '../store/port.ts';
import { refusing, ringOf } from './wire.ts';

/**
 * Takes the steps with which a start opens the database, its keys and its secrets, and leaves nothing changed. Answers
 * whether the database is `new`: the first start creates it.
 * @throws like `openDatabase` and `createServices`
 */
export function tryDatabase(config: Pick<Config, 'database' | 'keys'>): Promise<'new' | 'there'> {
  const { database } = config;
  return refusing(async () => {
    const state = await examineFile(database);
    const keyring = await ringOf(config, tryToCreateFile);
    const dataKey = (file: string) => openDataKey(file, keyring, tryToCreateFile);
    if (state === 'new' && database.kind === 'libsql') await dataKey(database.path);
    else await trySecrets(await openStore(database, dataKey), keyring);
    return state;
  });
}

async function trySecrets(store: Store, keyring: Keyring): Promise<void> {
  const unchanged: Store = { ...store, keepSecret: async (_, sealed) => sealed };
  try {
    if (!(await store.isPrepared())) return;
    await openPepper({ store: unchanged, keyring });
    await openSigningKey({ store: unchanged, keyring });
  } finally {
    await store.close();
  }
}
