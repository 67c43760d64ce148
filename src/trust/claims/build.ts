import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod/mini';
import { packageRoot } from '../../package-root.ts';
import { servedFiles } from './served-files.ts';

/** Digest of the build that is served, over every file of it. An observation counts for this digest alone. */
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
 * The commit that the sources beside the program are, every one of them; `null` where something was changed since, or where
 * there is no history, as in a package. A digest says what is served; this says where to read it.
 */
export function commitBeside(folder = packageRoot): string | null {
  // git would go on looking further up, and find the history of something else.
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

/** Written by the bundle: of each check, what its own source and every source that one uses come to. */
const checkDigests = z.record(z.string(), z.string());
let digests: Readonly<Record<string, string>> | undefined;

/**
 * Digest of what a check is made of: its own source, and every source that one uses. What an edited check saw before counts no
 * more, even if its version was not raised. Outside of a bundle, where tests run the sources, there is none to tell apart.
 */
export function sourceDigest(check: string): string {
  const file = join(import.meta.dirname, 'check-digests.json');
  digests ??= existsSync(file) ? checkDigests.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
  return digests[check] ?? 'unbundled';
}
