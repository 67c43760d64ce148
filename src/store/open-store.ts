import type { DatabaseSetting } from '../environment.ts';
import type { Store } from './port.ts';

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
