import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/package-root.ts';

/** One change of one compiled file, below `dist/src`. */
export interface Edit {
  file: string;
  find: string;
  put: string;
}

/** A copy of the build with these changes, to be served instead of it. `remove` when done. */
export async function mutate(edits: readonly Edit[]): Promise<{ root: string; remove(): Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'flowcept-mutant-'));
  for (const part of ['assets', 'bin', 'dist', 'package.json', 'package-lock.json', 'security.md']) {
    await cp(join(packageRoot, part), join(root, part), { recursive: true });
  }
  await symlink(join(packageRoot, 'node_modules'), join(root, 'node_modules'));
  for (const edit of edits) await apply(root, edit);
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
}

/** @throws when the text is not there exactly once: the mutant would be another one than it says. */
async function apply(root: string, { file, find, put }: Edit): Promise<void> {
  const path = join(root, 'dist', 'src', file);
  const text = await readFile(path, 'utf8');
  const times = text.split(find).length - 1;
  if (times !== 1) throw new Error(`“${find}” stands ${times} times in dist/src/${file}; a mutant needs it once.`);
  await writeFile(path, text.replace(find, () => put));
}
