import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../package-root.ts';

/** What runs here decides what is served: the program, the sentences of the security page, and the versions of everything taken. */
const beside = ['package.json', 'package-lock.json', 'security.md', 'assets/mutants.json'];

/** Digest of the build that is served, over every file of it. An observation counts for this digest alone. */
export function buildDigest(): string {
  const program = join(packageRoot, programFolder());
  const files = readdirSync(program, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const all = [...files, ...beside.map((name) => join(packageRoot, name)).filter((file) => existsSync(file))].sort();
  const digest = createHash('sha256');
  for (const file of all) {
    const bytes = readFileSync(file);
    digest.update(`${relative(packageRoot, file).replaceAll(sep, '/')}\u0000${bytes.length}\u0000`).update(bytes);
  }
  return digest.digest('hex');
}

const patience = 5_000;

/**
 * The commit that the sources beside the program are, every one of them; `null` where something was changed since, or where
 * there is no history, as in a package. A digest says what is served; this says where to read it.
 */
export function commitBeside(folder = packageRoot): string | null {
  // git would go on looking further up, and find the history of something else.
  if (!existsSync(join(folder, '.git'))) return null;
  const words = ['--no-optional-locks', '-C', folder, 'status', '--porcelain=v2', '--branch', '--untracked-files=no'];
  const { status, stdout } = spawnSync('git', words, { encoding: 'utf8', timeout: patience });
  const lines = status === 0 ? stdout.split('\n').filter((line) => line !== '') : [];
  const isChanged = lines.some((line) => !line.startsWith('#'));
  return isChanged ? null : (lines.map((line) => /^# branch\.oid ([0-9a-f]{40,64})$/.exec(line)?.[1]).find((commit) => commit !== undefined) ?? null);
}

/**
 * Digest of what a check is made of: its own file, and every file that one uses. What an edited check saw before counts no more,
 * even if nobody raised its version.
 */
export function sourceDigest(check: string): string {
  const here = fileURLToPath(import.meta.url);
  const digest = createHash('sha256');
  for (const file of usedBy(join(dirname(here), 'checks', `${check}${extname(here)}`))) digest.update(readFileSync(file));
  return digest.digest('hex');
}

function usedBy(file: string, used = new Set<string>()): ReadonlySet<string> {
  if (used.has(file)) return used;
  used.add(file);
  for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/^import (?!type\b)[^;]*? from '(\.[^']+)';$/gm)) usedBy(join(dirname(file), path), used);
  return used;
}

/** `dist` when the build runs, `src` when its source does. */
function programFolder(): string {
  const here = relative(packageRoot, dirname(fileURLToPath(import.meta.url)));
  return here.split(sep)[0] ?? '';
}
