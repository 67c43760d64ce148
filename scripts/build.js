// Builds what is not up to date: `npm ci`, the command line and `npm test` all call it, and usually
// nothing has changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const sources = ['src', 'web', 'attacks', 'scripts', 'package-lock.json', 'vite.config.ts'];
const installed = (name) => join('node_modules', '.bin', name);
const steps = [
  [process.execPath, join('scripts', 'bundle.js')],
  [installed('vite'), 'build', '--logLevel', 'warn'],
  [process.execPath, join('scripts', 'compress.js')],
  [process.execPath, join('scripts', 'budgets.js')],
];
// The caller’s environment must not choose React's development build.
const env = { ...process.env, NODE_ENV: 'production' };
const stamp = join('dist', '.built');

function filesBelow(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  // The security page is read, not built.
  if (!found?.isDirectory()) return found && !path.endsWith('.md') ? [path] : [];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const file of sources.flatMap(filesBelow))
    hash.update(`${file}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

function isBuilt(wanted) {
  try {
    return readFileSync(stamp, 'utf8') === wanted;
  } catch {
    return false;
  }
}

const wanted = fingerprint();
if (!isBuilt(wanted)) {
  for (const [program, ...words] of steps) {
    const { status } = spawnSync(program, words, { stdio: 'inherit', env });
    if (status !== 0) process.exit(status ?? 1);
  }
  writeFileSync(stamp, wanted);
}

// The security page is part of the build: an unproven sentence or an exaggeration fails it.
const { readSecuritySource } = await import(
  pathToFileURL(resolve('dist/server/security-source.js')).href
);
try {
  readSecuritySource();
} catch (error) {
  if (!Array.isArray(error?.lines)) throw error;
  process.stderr.write(`${error.lines.join('\n')}\n`);
  process.exit(1);
}
