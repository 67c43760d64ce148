import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { undoPromise, undoSince } from '../api/undo.ts';
import { undoEffects } from '../records.ts';

const decision = readFileSync(
  new URL('../../docs/decisions/003-notices-and-undo.md', import.meta.url),
  'utf8',
);

it('the decision record lists the same promises as the code, row by row', () => {
  const rows = [...decision.matchAll(/^\| `([\w-]+)` \| (.*) \|$/gm)].map(
    ([, effect, sentence]) => [effect, sentence],
  );
  expect(rows).toEqual(undoEffects.map((effect) => [effect, undoPromise[effect]]));
  expect(decision).toContain(undoSince);
});
