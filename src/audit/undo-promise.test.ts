import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { undoLeaves, undoPromise, undoSince } from '../api/undo.ts';
import { newDevice } from '../mail/account-notices.ts';
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

it('a notice states every promise', () => {
  const { text } = newDevice(
    { at: new Date(0), device: 'Firefox on Linux', address: '192.0.2.1' },
    { origin: 'https://example.org', undo: 'https://example.org/undo#token=x' },
  );
  for (const sentence of [...Object.values(undoPromise), undoSince])
    expect(text).toContain(sentence);
  expect(text).toContain('Device: Firefox on Linux · IP address: 192.0.2.1');
  expect(undoLeaves.length).toBeGreaterThan(0);
});
