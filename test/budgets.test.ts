import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { packageRoot } from '../src/package-root.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const run = promisify(execFile);
const KB = 1024;

interface Weights {
  entry?: number;
  shared?: number;
  styles?: number;
  loose?: number;
  route?: number;
}

/** A build with files of these sizes: random bytes do not compress. */
async function build({
  entry = 1,
  shared = 1,
  styles = 1,
  loose = 1,
  route = 1,
}: Weights): Promise<string> {
  const directory = await temporaryDirectory();
  for (const folder of ['.vite', 'assets']) await mkdir(join(directory, folder));
  const manifest = {
    'index.html': {
      file: 'assets/index.js',
      css: ['assets/index.css'],
      imports: ['shared.js'],
      isEntry: true,
    },
    'shared.js': { file: 'assets/shared.js' },
    'screens/home.tsx': { file: 'assets/home.js', imports: ['index.html'], isDynamicEntry: true },
  };
  const sizes = {
    'assets/index.js': entry,
    'assets/shared.js': shared,
    'assets/index.css': styles,
    'assets/home.js': route,
    'trusted-types.js': loose,
  };
  for (const [name, size] of Object.entries(sizes))
    await writeFile(join(directory, name), randomBytes(size));
  await writeFile(join(directory, '.vite', 'manifest.json'), JSON.stringify(manifest));
  return directory;
}

const verdict = (directory: string) =>
  run(process.execPath, ['scripts/budgets.js', directory], { cwd: packageRoot }).then(
    () => '',
    ({ stderr }: { stderr: string }) => stderr.trim(),
  );

test.each<[string, Weights, RegExp]>([
  [
    'an app that loads too much at once',
    { shared: 166 * KB },
    /the app before its first screen: 166/,
  ],
  ['a stylesheet that is too long', { styles: 13 * KB }, /the one stylesheet.*: 13/],
  ['scripts for strangers', { loose: 9 * KB }, /scripts outside of the app.*: 9/],
  ['a screen that brings too much', { route: 31 * KB }, /screens\/home\.tsx: 31/],
])('the build refuses %s', async (_, weights, line) => {
  expect(await verdict(await build(weights))).toMatch(line);
});

test('the build keeps within its budgets', async () => {
  expect(await verdict(join(packageRoot, 'dist', 'public'))).toBe('');
});
