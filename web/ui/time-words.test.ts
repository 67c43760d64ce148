import { expect, test } from 'vitest';
import { exactTime, relativeTime } from './time-words.ts';

const now = new Date('2026-11-22T14:17:00.000Z');

test('says the exact time in UTC, whatever zone the reader is in', () => {
  expect(exactTime('2026-11-22T14:03:59.000Z')).toBe('22 Nov 2026, 14:03 UTC');
});

test.each([
  ['2026-11-22T14:16:30.000Z', 'just now'],
  ['2026-11-22T14:03:00.000Z', '14 minutes ago'],
  ['2026-11-21T12:00:00.000Z', 'yesterday'],
  ['2026-11-22T16:18:00.000Z', 'in 2 hours'],
])('says %s as "%s"', (at, words) => {
  expect(relativeTime(at, now)).toBe(words);
});
