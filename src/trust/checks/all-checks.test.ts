import { expect, test } from 'vitest';
import { checks } from './all-checks.ts';

test.each(checks.map(({ id, limits }) => [id, limits]))(
  '%s names what it does not cover in a noun phrase',
  (_, limits) => {
    expect(limits).not.toMatch(/^(It|Its|This|Another|Not)\b|\.$|\. |\bnot covered\b/);
  },
);
