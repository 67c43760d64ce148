import { expect, test } from 'vitest';
import { lookOf } from './password-look.ts';

test.each([
  ['', 'short'],
  ['fourteen chars', 'short'],
  ['👩🏽‍🚀 in orbit', 'short'],
  ['aaaaaaaaaaaaaaaaaaaaaaaa', 'simple'],
  ['abcdefgabcdefgabcdefg', 'simple'],
  ['password password ', 'simple'],
  ['12345678901234567890', 'simple'],
  ['zyxwvutsrqponmlkj', 'simple'],
  ['correct h0rse ba', 'enough'],
  ['seven green lamps at noon', 'varied'],
])('assesses %j as %s', (password, look) => {
  expect(lookOf(password, 15)).toBe(look);
});

test('uses the minimum length that the deployment requires', () => {
  expect(lookOf('blue kettle', 8)).toBe('enough');
});
