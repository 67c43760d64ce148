import { expect, test } from 'vitest';
import { asciiDigits, readDigits } from './digits.ts';

test.each([
  ['ASCII', '0123456789'],
  ['Arabic-Indic', '٠١٢٣٤٥٦٧٨٩'],
  ['Persian', '۰۱۲۳۴۵۶۷۸۹'],
  ['Devanagari', '०१२३४५६७८९'],
  ['Bengali', '০১২৩৪৫৬৭৮৯'],
  ['Thai', '๐๑๒๓๔๕๖๗๘๙'],
  ['fullwidth', '０１２３４５６７８９'],
  ['mathematical bold and monospace', '𝟎𝟏𝟐𝟑𝟒𝟻𝟼𝟽𝟾𝟿'],
])('reads %s digits', (_, digits) => {
  expect(asciiDigits(digits)).toBe('0123456789');
});

test.each([
  ['123 456', '123456', ''],
  ['123-456', '123456', ''],
  ['١٢٣ ٤٥٦', '123456', ''],
  ['code: 123456', '123456', 'code:'],
  ['1234567', '123456', '7'],
  ['½²', '', '½²'],
])('reads %j as %j and ignores %j', (typed, digits, ignored) => {
  expect(readDigits(typed, 6)).toEqual({ digits, ignored });
});
