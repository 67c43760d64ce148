import { expect, test } from 'vitest';
import { brief, plain, printableJson } from './plain-text.ts';

test.each([
  ['an escape sequence', 'a\u001b[2Jb', 'a[2Jb'],
  ['C1 controls', 'a\u009b31mb\u0085', 'a31mb'],
  ['line breaks', 'a\r\n✓ all holds\u2028b', 'a ✓ all holds b'],
  ['what turns the direction', 'a\u202e\u2066\u061c\u200fb', 'ab'],
  ['what has no width', 'a\u200b\u200d\ufeff\u00ad\u{e0041}b', 'ab'],
  ['half a character', 'a\ud800b', 'ab'],
  ['piled marks', `a${'\u0301'.repeat(50)}b`, `a${'\u0301'.repeat(4)}b`],
])('removes %s', (_, text, shown) => {
  expect(plain(text)).toBe(shown);
});

test('text of any language is kept, and a long text is shortened', () => {
  expect(plain('Zoë · 日本語 · العربية · हिन्दी · 👩')).toBe('Zoë · 日本語 · العربية · हिन्दी · 👩');
  expect([...brief('🙂'.repeat(100_000))]).toHaveLength(601);
});

test('JSON output has the same content, and no control character', () => {
  const said = { 'a\u202e': ['\u001b[2J\u007f\u009b\u2066\u200b\u{e0041}', 'Zoë 🙂'] };
  const shown = printableJson(said);
  expect(JSON.parse(shown)).toEqual(said);
  expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(shown).toContain('Zoë 🙂');
});
