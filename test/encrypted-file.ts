import type { Database } from 'libsql';
import type { Config } from '../src/config.ts';
import { openDataKey } from '../src/crypto/key-files.ts';
import { makeKeyring } from '../src/crypto/keyring.ts';

/** The embedded database file, opened by another process that has the keys. */
export async function openEncryptedFile(
  path: string,
  { keys }: Pick<Config, 'keys'>,
): Promise<Database> {
  const { default: LibsqlDatabase } = await import('libsql');
  // The declared options lack those for encryption.
  const options = {
    timeout: 5000,
    encryptionCipher: 'aes256cbc',
    encryptionKey: await openDataKey(path, makeKeyring(keys ?? [])),
  };
  return new LibsqlDatabase(path, options);
}

/** The errors that SQLite finds in the file; `['ok']` if there are none. */
export async function integrityOf(path: string, config: Pick<Config, 'keys'>): Promise<unknown[]> {
  const file = await openEncryptedFile(path, config);
  try {
    return file.prepare('PRAGMA integrity_check').raw().all([]).flat();
  } finally {
    file.close();
  }
}
