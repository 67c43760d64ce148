import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exactTime, relativeTime, turnOf } from './time-words.ts';

const now = new Date('2026-11-22T14:17:00.000Z');

test('formats the exact time in UTC, whatever the reader’s time zone', () => {
  expect(exactTime('2026-11-22T14:03:59.000Z')).toBe('22 Nov 2026, 14:03 UTC');
});

test.each([
  ['2026-11-22T14:16:30.000Z', 'just now'],
  ['2026-11-22T14:17:05.000Z', 'just now'],
  ['2026-11-22T14:17:30.000Z', 'in less than a minute'],
  ['2026-11-22T14:03:00.000Z', '14 minutes ago'],
  ['2026-11-21T12:00:00.000Z', 'yesterday'],
  ['2026-11-22T16:18:00.000Z', 'in 2 hours'],
])('formats %s as "%s"', (at, messages) => {
  expect(relativeTime(at, now)).toBe(messages);
});

test('an age keeps its text until its next change, and has another text then', () => {
  const year = 31_557_600_000;
  const around = fc.oneof(
    fc.integer({ min: -100_000, max: 100_000 }),
    fc.integer({ min: -7_200_000, max: 7_200_000 }),
    fc.integer({ min: -3 * year, max: 3 * year }),
  );
  fc.assert(
    fc.property(around, fc.double({ min: 0, max: 1, noNaN: true }), (away, part) => {
      const at = new Date(now.getTime() + away).toISOString();
      const turn = turnOf(at, now);
      expect(turn).toBeGreaterThan(now.getTime());
      const messages = relativeTime(at, now);
      const between = now.getTime() + Math.floor((turn - 1 - now.getTime()) * part);
      for (const time of [between, turn - 1])
        expect(relativeTime(at, new Date(time))).toBe(messages);
      expect(relativeTime(at, new Date(turn))).not.toBe(messages);
    }),
    { numRuns: 2_000 },
  );
});
