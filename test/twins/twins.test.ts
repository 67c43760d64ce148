import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { attacks } from '../../attacks/all.ts';
import { packageRoot } from '../../src/package-root.ts';
import { twins } from './twins.ts';

it('every attack case has a twin that it must catch', () => {
  const caught = new Set(twins.flatMap(({ lets }) => lets));
  expect(attacks.filter(({ id }) => !caught.has(id)).map(({ id }) => id)).toEqual([]);
});

it('every mistake of a twin can be made in the build as it is', async () => {
  const gone = [];
  for (const { what, edits } of twins) {
    for (const { file, find } of edits) {
      const text = await readFile(join(packageRoot, 'dist', 'src', file), 'utf8');
      if (text.split(find).length !== 2) gone.push(`${what}: ${file}`);
    }
  }
  expect(gone).toEqual([]);
});
