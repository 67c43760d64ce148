import { expect, it } from 'vitest';
import { normalEmail } from './email-address.ts';

it('different spellings of an address have one normal form', () => {
  expect(normalEmail('Kay.Lee+x@EXAMPLE.Org')).toBe('kay.lee+x@example.org');
  expect(normalEmail('kay@bücher.example')).toBe('kay@xn--bcher-kva.example');
});

it('no other character is normalised to an ASCII letter in the local part', () => {
  for (const kay of ['\u212aay', 'ｋay', 'kаy', 'kay\u0307', '\u0130da', 'stra\u00dfe'])
    expect(normalEmail(`${kay}@example.org`)).toBeNull();
});
