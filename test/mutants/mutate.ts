import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/package-root.ts';
import { securityFile } from '../../src/trust/claims/security-source.ts';
import { editedSources } from './apply.ts';
import { buildServer } from './broken-server.ts';
import type { AssetEdit, Edit } from './edit.ts';
import { readSources, type Sources } from './sources.ts';

let sources: Promise<Sources> | null = null;

/**
 * A build of the application with these changes, to be served instead of it. Call `remove` when
 * done.
 */
export async function mutate(
  edits: readonly Edit[],
): Promise<{ root: string; remove(): Promise<void> }> {
  sources ??= readSources(packageRoot);
  const edited = editedSources(await sources, edits);
  const root = await mkdtemp(join(tmpdir(), 'flowcept-mutant-'));
  for (const part of ['assets', 'bin', 'package.json', 'package-lock.json', securityFile]) {
    await cp(join(packageRoot, part), join(root, part), { recursive: true });
  }
  await symlink(join(packageRoot, 'node_modules'), join(root, 'node_modules'));
  await buildServer(root, edited);
  for (const edit of edits) if (edit.kind === 'asset') await writeAsset(root, edit);
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
}

async function writeAsset(root: string, edit: AssetEdit): Promise<void> {
  const path = join(root, 'dist', edit.file);
  await writeFile(path, withAssetEdit(await readFile(path, 'utf8'), edit));
}

/**
 * @throws if the text does not occur exactly once, because that would be another mutant than
 * intended.
 */
export function withAssetEdit(text: string, { file, find, put }: AssetEdit): string {
  const times = text.split(find).length - 1;
  if (times !== 1) throw new Error(`dist/${file}: “${find}” matches ${times} times, not once`);
  return text.replace(find, () => put);
}
