import type { Config } from '../config.ts';
import { accessTo, sandboxKeyFile } from '../crypto/key-files.ts';
import { dataDirectory } from './wire.ts';

/** Says what a drive that keeps no modes, such as a Windows drive, leaves to the operator; `null` if nothing. */
export async function keyFileWarning({
  database,
  keys,
}: Pick<Config, 'database' | 'keys'>): Promise<string | null> {
  const file = sandboxKeyFile(dataDirectory(database));
  if (keys !== null || (await accessTo(file)) !== 'unknown') return null;
  return `${file} is on a drive that keeps no file modes, so Flowcept cannot check who reads it. Restrict the folder with the permissions of your operating system, or set FLOWCEPT_KEYS.`;
}
