import { randomBytes } from 'node:crypto';
import { link, mkdir, open as openFile, readFile, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readKeys, StartRefused, type KeyMaterial } from '../config.ts';
import type { Keyring } from './keyring.ts';
import { open, seal, SealBroken } from './seal.ts';

/**
 * The sandbox keyring: made once as `flowcept.keys`, for its owner alone to read, and never beside what an earlier one sealed.
 * @throws StartRefused when it is torn, missing beside data, or others may read it. ASVS 13.3.1
 */
export async function sandboxKeys(
  directory: string,
  sealed: readonly string[],
): Promise<readonly KeyMaterial[]> {
  const file = join(directory, 'flowcept.keys');
  const data = (await Promise.all(sealed.map(exists))).some(Boolean);
  if (data && !(await exists(file)))
    throw new StartRefused([
      `${file} is missing: without it the data there cannot be read. Restore it from a backup, or set FLOWCEPT_KEYS.`,
    ]);
  const text = await readOrMake(file, () => `k1:${randomBytes(32).toString('base64')}\n`);
  if (((await stat(file)).mode & 0o077) !== 0)
    throw new StartRefused([`${file} can be read by others. Run: chmod 600 ${file}`]);
  const keys = readKeys(text.trim());
  if (!keys)
    throw new StartRefused([
      `${file} is not a keyring. Restore it from a backup, or set FLOWCEPT_KEYS.`,
    ]);
  return keys;
}

const place = 'data-key';

/**
 * The key of the embedded file, 32 bytes in hex: made with the file, kept beside it in `FILE.key`, wrapped by the ring.
 * Rotating the ring re-wraps it and never rewrites the data.
 * @throws StartRefused when the ring does not open it, or it is missing beside data
 */
export async function openDataKey(database: string, keyring: Keyring): Promise<string> {
  const file = `${database}.key`;
  if ((await exists(database)) && !(await exists(file))) {
    throw new StartRefused([
      `${file} is missing: without it ${database} cannot be read. Restore it from a backup.`,
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
      `FLOWCEPT_KEYS does not open ${file}. Start with the ring that it was made with.`,
    ]);
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** Whole or not at all, and the same one for all who make it at the same instant: written aside, then linked into place. */
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
