import { randomBytes } from 'node:crypto';
import { link, mkdir, open as openFile, readFile, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StartRefused } from '../config.ts';
import { readKeys, type KeyMaterial } from '../environment.ts';
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
): Promise<readonly KeyMaterial[]> {
  const file = join(directory, 'flowcept.keys');
  const data = (await Promise.all(sealed.map(exists))).some(Boolean);
  if (data && !(await exists(file)))
    throw new StartRefused([
      `${file} is missing: the existing data cannot be decrypted without it. Restore it from a backup, or set FLOWCEPT_KEYS.`,
    ]);
  const text = await readOrMake(file, () => `k1:${randomBytes(32).toString('base64')}\n`);
  if (((await stat(file)).mode & 0o077) !== 0)
    throw new StartRefused([`${file} is readable by other users. Run: chmod 600 ${file}`]);
  const keys = readKeys(text.trim());
  if (!keys)
    throw new StartRefused([
      `${file} is not a keyring. Restore it from a backup, or set FLOWCEPT_KEYS.`,
    ]);
  return keys;
}

const place = 'data-key';

/**
 * Opens the key of the embedded database file: 32 bytes in hex, created with the database, stored in `FILE.key` and
 * wrapped with the keyring. Rotating the keyring re-wraps the key and does not rewrite the data.
 * @throws StartRefused when the keyring does not open it, or it is missing beside existing data
 */
export async function openDataKey(database: string, keyring: Keyring): Promise<string> {
  const file = `${database}.key`;
  if ((await exists(database)) && !(await exists(file))) {
    throw new StartRefused([
      `${file} is missing: ${database} cannot be decrypted without it. Restore it from a backup.`,
    ]);
  }
  const wrapped = await readOrMake(
    file,
    () => `${seal(keyring, place, randomBytes(32).toString('hex'))}\n`,
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

/**
 * Reads the file or creates it atomically: the content is written to a temporary file and linked into place, so that
 * processes that start at the same time all get the same content.
 */
async function readOrMake(file: string, make: () => string): Promise<string> {
  try {
    if (!(await exists(file))) await makeOnce(file, make());
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new StartRefused([
      `${file} cannot be written or read: ${cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)}.`,
    ]);
  }
}

async function makeOnce(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await openFile(aside, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
    await link(aside, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await handle.close();
    await unlink(aside);
  }
}
