import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../../test/temporary-directory.ts';
import { commitBeside } from './build.ts';

test('the commit is that of the sources next to the program, not of a parent folder', async () => {
  const folder = await temporaryDirectory();
  const git = (...words: string[]) =>
    execFileSync(
      'git',
      ['-C', folder, '-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...words],
      { encoding: 'utf8' },
    ).trim();
  expect(commitBeside(folder)).toBeNull();
  git('init', '--quiet');
  expect(commitBeside(folder)).toBeNull();
  await writeFile(join(folder, 'server.js'), 'one');
  git('add', '.');
  git('commit', '--quiet', '--message', 'first');
  expect(commitBeside(folder)).toBe(git('rev-parse', 'HEAD'));

  await writeFile(join(folder, 'flowcept.db'), 'data');
  expect(commitBeside(folder)).toBe(git('rev-parse', 'HEAD'));
  await writeFile(join(folder, 'server.js'), 'two');
  expect(commitBeside(folder)).toBeNull();

  const inside = join(folder, 'node_modules', 'flowcept');
  await mkdir(inside, { recursive: true });
  expect(commitBeside(inside)).toBeNull();
});
