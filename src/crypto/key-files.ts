import { randomBytes } from 'node:crypto';
import { open as openFile, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { StartRefused } from '../config.ts';
import { readKeys, type KeyMaterial } from '../environment.ts';
import { codeOf } from '../system-error.ts';
import { createFile, type CreateFile } from './create-file.ts';
import type { Keyring } from './keyring.ts';
import { open, seal, SealBroken } from './seal.ts';

/**
 * Opens the sandbox keyring, or creates it once as `flowcept.keys`, readable only by its owner. Never creates one
 * beside data that an earlier keyring sealed.
 * @throws StartRefused when the file is malformed, missing beside existing data, or readable by other users. ASVS
 * 13.3.1
 */
export async function sandboxKeys(
  directory: string,
  sealed: readonly string[],
  create: CreateFile = createFile,
): Promise<readonly KeyMaterial[]> {
  const file = sandboxKeyFile(directory);
  const data = (await Promise.all(sealed.map(exists))).some(Boolean);
  if (data && !(await exists(file)))
    throw new StartRefused([
      `${file} is missing: the existing data cannot be decrypted without it. Restore it from a backup, or set FLOWCEPT_KEYS.`,
    ]);
  const text = await readOrCreate(file, () => `k1:${randomBytes(32).toString('base64')}\n`, create);
  if ((await accessTo(file)) === 'others')
    throw new StartRefused([`${file} is readable by other users. Run: chmod 600 ${file}`]);
  const keys = readKeys(text.trim());
  if (!keys)
    throw new StartRefused([
      `${file} is not a keyring. Restore it from a backup, or set FLOWCEPT_KEYS.`,
    ]);
  return keys;
}

export function sandboxKeyFile(directory: string): string {
  return join(directory, 'flowcept.keys');
}

/**
 * Who can read the file by its mode: its owner, `others` too, or `unknown` on a drive that keeps no modes, such as a
 * Windows drive, also in WSL. There a new file with mode 0600 has another mode. A missing file is its owner’s.
 */
export async function accessTo(file: string): Promise<'owner' | 'others' | 'unknown'> {
  if (!(await exists(file)) || !(await isOpenToOthers(file))) return 'owner';
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await (await openFile(aside, 'wx', 0o600)).close();
    return (await isOpenToOthers(aside)) ? 'unknown' : 'others';
  } catch {
    return 'others';
  } finally {
    await unlink(aside).catch(() => {});
  }
}

async function isOpenToOthers(file: string): Promise<boolean> {
  return ((await stat(file)).mode & 0o077) !== 0;
}

const place = 'data-key';

/**
 * Opens the key of the embedded database file: 32 bytes in hex, created with the database, stored in `FILE.key` and
 * wrapped with the keyring. Rotating the keyring re-wraps the key and does not rewrite the data.
 * @throws StartRefused when the keyring does not open it, or it is missing beside existing data
 */
export async function openDataKey(
  database: string,
  keyring: Keyring,
  create: CreateFile = createFile,
): Promise<string> {
  const file = `${database}.key`;
  if ((await exists(database)) && !(await exists(file))) {
    throw new StartRefused([
      `${file} is missing: ${database} cannot be decrypted without it. Restore it from a backup.`,
    ]);
  }
  const wrapped = await readOrCreate(
    file,
    () => `${seal(keyring, place, randomBytes(32).toString('hex'))}\n`,
    create,
  );
  try {
    return open(keyring, place, wrapped.trim());
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    throw new StartRefused([
      `FLOWCEPT_KEYS cannot decrypt ${file}. Start with the keyring it was created with.`,
    ]);
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

async function readOrCreate(file: string, text: () => string, create: CreateFile): Promise<string> {
  try {
    return (await exists(file)) ? await readFile(file, 'utf8') : await create(file, text());
  } catch (cause) {
    throw new StartRefused([`DATABASE_URL: ${file} cannot be written or read (${codeOf(cause)}).`]);
  }
}
