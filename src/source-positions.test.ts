import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../test/temporary-directory.ts';
import { withSourcePositions } from './source-positions.ts';

it('keeps the position in the bundle while the source map cannot be read, and finds the source later', async () => {
  const bundle = join(await temporaryDirectory(), 'bundle.js');
  const stack = `Error: full\n    at work (${pathToFileURL(bundle).href}:1:1)`;
  // Reading a folder fails as it does without a free file descriptor.
  await mkdir(`${bundle}.map`);
  expect(withSourcePositions(stack)).toBe(stack);
  await rm(`${bundle}.map`, { recursive: true });
  const map = { version: 3, sources: ['work.ts'], names: [], mappings: 'AAAA' };
  await writeFile(`${bundle}.map`, JSON.stringify(map));
  expect(withSourcePositions(stack)).toMatch(/at work \(.*work\.ts:1:1\)/);
});
