import { expect, it } from 'vitest';
import { normalEmail } from './email-address.ts';

it('has one normal form for the spellings of an address', () => {
  expect(normalEmail('Kay.Lee+x@EXAMPLE.Org')).toBe('kay.lee+x@example.org');
  expect(normalEmail('kay@bücher.example')).toBe('kay@xn--bcher-kva.example');
});

it('takes nothing for an ASCII letter that is none, in the local part', () => {
  for (const kay of ['\u212aay', 'ｋay', 'kаy', 'kay\u0307', '\u0130da', 'stra\u00dfe'])
    expect(normalEmail(`${kay}@example.org`)).toBeNull();
});
