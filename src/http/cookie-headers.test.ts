import { describe, expect, it } from 'vitest';
import { tokenCookie, tokenFromCookie, tokensFromCookie } from './cookie-headers.ts';

const token = 'k'.repeat(43);
const planted = 'A'.repeat(43);

describe('the token of a cookie', () => {
  it('is found among other cookies, whatever spaces and tabs separate them', () => {
    for (const header of [
      `flowcept=${token}`,
      `a=b; flowcept=${token}; c=d`,
      `a=b;flowcept=${token}`,
      `\t flowcept=${token}\t `,
      `flowcept=${token}; flowcept=${token}`,
    ]) {
      expect([header, tokenFromCookie(header, 'flowcept')]).toEqual([header, token]);
    }
  });

  it('is not taken from a cookie whose name only resembles it', () => {
    // Everything besides space and tab that String.prototype.trim removes.
    const blanks = [
      ...'\u000b\u000c\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff',
      '\u00c2\u00a0',
      '\r',
      '\n',
    ];
    for (const name of [
      'flowcept',
      '__Host-flowcept',
      '__Host-flowcept-device',
      '__Host-flowcept-flow',
    ]) {
      const names = [
        ...blanks.flatMap((blank) => [`${blank}${name}`, `${name}${blank}`]),
        ` =${name}`,
        `${name} `,
        name.toUpperCase(),
        `x${name}`,
        `$${name}`,
        encodeURIComponent(` ${name}`),
      ];
      for (const lookalike of names) {
        expect([lookalike, tokenFromCookie(`${lookalike}=${token}`, name)]).toEqual([
          lookalike,
          null,
        ]);
        expect([
          lookalike,
          tokenFromCookie(`${lookalike}=${planted}; ${name}=${token}`, name),
        ]).toEqual([lookalike, token]);
      }
      for (const blank of blanks)
        expect(tokenFromCookie(`${name}=${token}${blank}`, name)).toBeNull();
    }
  });

  it('is absent if the cookie occurs twice with different values, or is malformed', () => {
    for (const header of [
      null,
      '',
      'flowcept',
      `flowcept=${token}; flowcept=${planted}`,
      `flowcept=; flowcept=${token}`,
      `flowcept="${token}"`,
      `flowcept=${token}, flowcept=${token}`,
      `$Version=1, flowcept=${token}`,
    ]) {
      expect([header, tokenFromCookie(header, 'flowcept')]).toEqual([header, null]);
    }
  });
});

describe('the tokens of a cookie', () => {
  it('are those that were set, ten at most, and none if one is malformed', () => {
    const tokens = Array.from({ length: 12 }, (_, n) => String(n % 10).repeat(43));
    const read = (value: string) => tokensFromCookie(`flowcept-device=${value}`, 'flowcept-device');
    const set = tokenCookie({ name: 'flowcept-device', tokens, maxAge: 1_000 }, false);
    expect(tokensFromCookie(set.split(';')[0] ?? '', 'flowcept-device')).toEqual(
      tokens.slice(0, 10),
    );
    expect(read(token)).toEqual([token]);
    for (const value of [
      '',
      '.',
      `${token}.`,
      `.${token}`,
      `${token}..${token}`,
      `${token},${token}`,
      `${token}.x`,
      tokens.slice(0, 11).join('.'),
    ])
      expect([value, read(value)]).toEqual([value, []]);
    expect(tokensFromCookie(`\u00a0flowcept-device=${token}`, 'flowcept-device')).toEqual([]);
    expect(tokensFromCookie(null, 'flowcept-device')).toEqual([]);
  });
});
