import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { minCompressed } from '../src/http/conditional.ts';
import { packageRoot } from '../src/package-root.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** The script cannot import the server’s constant: Node.js 20 does not run TypeScript. */
test('the build compresses files from the size at which the server compresses documents', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'below.js'), ' '.repeat(minCompressed - 1));
  await writeFile(join(directory, 'at.js'), ' '.repeat(minCompressed));
  await promisify(execFile)(process.execPath, [
    join(packageRoot, 'scripts', 'compress.js'),
    directory,
  ]);
  expect((await readdir(directory)).toSorted()).toEqual([
    'at.js',
    'at.js.br',
    'at.js.gz',
    'below.js',
  ]);
});
