import { lstat, stat } from 'node:fs/promises';
import type { DatabaseSetting } from '../environment.ts';
import type { Store } from './port.ts';
import { StoreUnusable } from './port/errors.ts';

/**
 * Opens the configured store. Loads only the adapter that is used, so neither database driver costs the other anything.
 */
export async function openStore(
  setting: DatabaseSetting,
  dataKey: (file: string) => Promise<string>,
): Promise<Store> {
  if (setting.kind === 'mongodb') {
    const { openMongoStore } = await import('./mongo/open.ts');
    return openMongoStore({ url: setting.url });
  }
  const { openLibsqlStore } = await import('./libsql/open.ts');
  return openLibsqlStore({ path: setting.path, encryptionKey: await dataKey(setting.path) });
}

/**
 * Answers whether the embedded database is `new`. Creates nothing: what cannot be a database is refused before a key is
 * made for it.
 * @throws StoreUnusable
 */
export async function examineFile(setting: DatabaseSetting): Promise<'new' | 'there'> {
  if (setting.kind === 'mongodb') return 'there';
  const { path } = setting;
  const entry = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new StoreUnusable(`The database file ${path} cannot be opened (${error.code}).`);
  });
  if (entry === null) return 'new';
  const file = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new StoreUnusable(`The link ${path} leads to no file (${error.code}).`);
  });
  if (!file.isFile()) throw new StoreUnusable(`${path} is not a file.`);
  return 'there';
}
