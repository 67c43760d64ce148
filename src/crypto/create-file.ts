import { randomBytes } from 'node:crypto';
import {
  link,
  lstat,
  mkdir,
  open as openFile,
  readFile,
  rmdir,
  stat,
  unlink,
} from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../system-error.ts';

/**
 * Creates the file unless it exists, and returns its text. Processes that start at the same time all get the same text.
 * If it fails, no folder and no file is left behind.
 */
export type CreateFile = (file: string, text: string) => Promise<string>;

/** Writes a temporary file and links it into place, with the missing folders above it. */
export const createFile: CreateFile = (file, text) =>
  withFolders(file, async () => {
    await writeAside(file, text, (aside) =>
      link(aside, file).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      }),
    );
    return readFile(file, 'utf8');
  });

/** Fails where {@link createFile} would fail, and leaves nothing behind. */
export const tryToCreateFile: CreateFile = async (file, text) => {
  const made: string[] = [];
  try {
    await makeFolders(dirname(file), made);
    await writeAside(file, text, async () => {});
    return (await isTaken(file)) ? await readFile(file, 'utf8') : text;
  } finally {
    await removeFolders(made);
  }
};

/** Whether the name is taken, also by a link to nothing. */
function isTaken(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}

async function withFolders(file: string, create: () => Promise<string>): Promise<string> {
  const made: string[] = [];
  try {
    await makeFolders(dirname(file), made);
    return await create();
  } catch (error) {
    await removeFolders(made);
    throw error;
  }
}

async function writeAside(
  file: string,
  text: string,
  then: (aside: string) => Promise<void>,
): Promise<void> {
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await openFile(aside, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
    await then(aside);
  } finally {
    await handle.close();
    await unlink(aside);
  }
}

/**
 * Creates the folder and those above it that are missing, and adds them to `made`. The recursive `mkdir` of Node.js
 * never ends where a file system refuses to create a folder in an existing one, as `/proc` does.
 */
async function makeFolders(folder: string, made: string[]): Promise<void> {
  try {
    await makeFolder(folder, made);
  } catch (error) {
    const above = dirname(folder);
    if (codeOf(error) !== 'ENOENT' || above === folder || (await isTaken(above))) throw error;
    await makeFolders(above, made);
    await makeFolder(folder, made);
  }
}

async function makeFolder(folder: string, made: string[]): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
    made.push(folder);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST' || !(await stat(folder)).isDirectory()) throw error;
  }
}

/** Keeps a folder that another process already uses. */
async function removeFolders(made: readonly string[]): Promise<void> {
  for (const folder of [...made].reverse()) await rmdir(folder).catch(() => {});
}
