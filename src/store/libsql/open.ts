import { open as openFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Database } from 'libsql';
import type { Store } from '../port.ts';
import { StoreUnavailable, StoreUnusable } from '../port/errors.ts';
import { accountChanges } from './account-changes.ts';
import { accounts } from './accounts.ts';
import { challenges } from './challenges.ts';
import { closing } from './closing.ts';
import { deployment } from './deployment.ts';
import { events } from './events.ts';
import { factorRecoveries } from './factor-recoveries.ts';
import { factorRule } from './factor-rule.ts';
import { factors } from './factors.ts';
import { flows } from './flows.ts';
import { identities } from './identities.ts';
import { limits } from './limits.ts';
import { mail } from './mail.ts';
import { isMigrated, migrate } from './migrations.ts';
import { sessions } from './sessions.ts';
import { type Connection, connect, persistently, resultCode } from './transaction.ts';
import { trust } from './trust.ts';
import { undos } from './undos.ts';

interface EncryptedFile {
  path: string;
  encryptionKey: string;
}

/**
 * Opens the encrypted file, or creates it if it does not exist. `prepare` creates the schema. A file that does not open
 * with this key is unchanged.  @throws StoreUnusable
 */
export async function openLibsqlStore(file: EncryptedFile): Promise<Store> {
  return storeOver(await openConnection(file));
}

/** All store operations on this connection. */
export function storeOver(connection: Connection): Store {
  const schema = connection.statement('SELECT count(*) FROM sqlite_schema');
  return {
    ...deployment(connection),
    ...accounts(connection),
    ...accountChanges(connection),
    ...undos(connection),
    ...closing(connection),
    ...flows(connection),
    ...identities(connection),
    ...events(connection),
    ...challenges(connection),
    ...sessions(connection),
    ...factors(connection),
    ...factorRecoveries(connection),
    ...factorRule(connection),
    ...limits(connection),
    ...mail(connection),
    ...trust(connection),
    prepare: () => migrate(connection),
    isPrepared: () => isMigrated(connection),
    ping: () => connection.read(() => void schema.get()),
    close: async () => connection.close(),
  };
}

/** All opening of files goes through this function. @throws StoreUnusable */
export async function openConnection({ path, encryptionKey }: EncryptedFile): Promise<Connection> {
  // libSQL treats an empty key as none and would write plaintext.
  if (encryptionKey === '') throw new StoreUnusable('The database needs an encryption key.');
  // An absolute path is never interpreted as the URL of a remote database.
  const file = resolve(path);
  await makeFile(file);
  return connect(await openDatabase(file, encryptionKey));
}

/** SQLite gives its `-wal` and `-shm` files the mode of the database file. */
async function makeFile(file: string): Promise<void> {
  try {
    await (await openFile(file, 'a+', 0o600)).close();
  } catch (cause) {
    throw new StoreUnusable(`The database file ${file} cannot be opened for writing.`, { cause });
  }
}

/** Result codes of permanent failures. */
const unusable: Partial<Record<number, string>> = {
  8: 'may not be written',
  11: 'is damaged: restore it from a backup',
  14: 'cannot be opened: its folder must be writable too',
  26: 'does not open with this encryption key, or it is not a database',
};

/** Opens the file directly. Only tests call this; everything else uses the store. */
export async function openDatabase(file: string, encryptionKey: string): Promise<Database> {
  const { default: LibsqlDatabase } = await import('libsql');
  // The type declarations lack the encryption options.
  const options = { timeout: 0, encryptionCipher: 'aes256cbc', encryptionKey };
  try {
    if ((await stat(file)).size > 0)
      await settled(() =>
        tryKey(new LibsqlDatabase(`${pathToFileURL(file).href}?immutable=1`, options)),
      );
    // No lock blocks the event loop: waiting for locks is asynchronous from the first statement on.
    return await persistently(() => configured(new LibsqlDatabase(file, options)));
  } catch (error) {
    const cause = error instanceof StoreUnavailable ? error.cause : error;
    const reason = unusable[resultCode(cause) ?? -1];
    throw reason === undefined
      ? error
      : new StoreUnusable(`The database file ${file} ${reason}.`, { cause });
  }
}

/** Another process may be writing the first page of a new file; a retry a moment later succeeds. */
async function settled(attempt: () => void): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return attempt();
    } catch (error) {
      if (tries === 5) throw error;
      await sleep(100);
    }
  }
}

/**
 * Reads only the first page. Without this, opening with a wrong key would destroy a file that has a journal: on
 * closing, libSQL would write the journal into the file with that key.
 */
function tryKey(db: Database): void {
  try {
    db.prepare('PRAGMA user_version').get([]);
  } finally {
    db.close();
  }
}

const settings = ['journal_mode = WAL', 'synchronous = FULL', 'cache_size = -16000'];

function configured(db: Database): Database {
  try {
    for (const setting of settings) db.exec(`PRAGMA ${setting}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
