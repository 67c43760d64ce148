import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.tsx') && !name.endsWith('.test.tsx'),
);

/**
 * Text between tags, and attributes that are shown or read aloud. A key, such as `{say.title}`, is
 * neither.
 */
const said = [
  />[^<>{}=;]*[A-Za-z]{3,}[^<>{}=;]*<\//g,
  /\s(?:aria-label|alt|title|label|placeholder)="[^"]*[A-Za-z]{3,}[^"]*"/g,
];

test.each(files)('%s contains no text outside the message catalogues', (name) => {
  const text = readFileSync(join(import.meta.dirname, name), 'utf8');
  expect(said.flatMap((pattern) => text.match(pattern) ?? [])).toEqual([]);
});
