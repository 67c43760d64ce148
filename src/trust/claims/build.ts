import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod/mini';
import { packageRoot } from '../../package-root.ts';
import { servedFiles } from './served-files.ts';

/**
 * Digest over every file of the build that is served. An observation counts only for the digest that it was made on.
 */
export async function buildDigest(): Promise<string> {
  const digest = createHash('sha256');
  for (const { name, path } of await servedFiles()) {
    digest.update(`${name}\u0000${(await stat(path)).size}\u0000`);
    for await (const chunk of createReadStream(path)) digest.update(chunk);
  }
  return digest.digest('hex');
}

const timeoutMs = 5_000;

/**
 * The commit that the sources next to the program match completely; `null` if they have changes or no history, as in a
 * package. The digest identifies what is served; the commit says where to read it.
 */
export function commitBeside(folder = packageRoot): string | null {
  // git would search the parent folders and find the history of another project.
  if (!existsSync(join(folder, '.git'))) return null;
  const words = [
    '--no-optional-locks',
    '-C',
    folder,
    'status',
    '--porcelain=v2',
    '--branch',
    '--untracked-files=no',
  ];
  const { status, stdout } = spawnSync('git', words, { encoding: 'utf8', timeout: timeoutMs });
  const lines = status === 0 ? stdout.split('\n').filter((line) => line !== '') : [];
  const isChanged = lines.some((line) => !line.startsWith('#'));
  return isChanged
    ? null
    : (lines
        .map((line) => /^# branch\.oid ([0-9a-f]{40,64})$/.exec(line)?.[1])
        .find((commit) => commit !== undefined) ?? null);
}

/**
 * Written by the bundler: for each check, a digest of its source and of every source that it imports, directly or not.
 */
const checkDigests = z.record(z.string(), z.string());
let digests: Readonly<Record<string, string>> | undefined;

/**
 * Digest of a check’s source and of every source that it imports. Observations of an edited check no longer count, even
 * if its version was not raised. `unbundled` when tests run the sources without a bundle.
 */
export function sourceDigest(check: string): string {
  const file = join(import.meta.dirname, 'check-digests.json');
  digests ??= existsSync(file) ? checkDigests.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
  return digests[check] ?? 'unbundled';
}
