import type { DatabaseSetting } from '../config.ts';
import type { Store } from './port.ts';

/** The adapter of this setting, loaded only when it is used: neither database's driver is a burden on the other. */
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
