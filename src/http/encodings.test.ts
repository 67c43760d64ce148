import { expect, test } from 'vitest';
import { chosenEncoding, encodings } from './encodings.ts';

test.each<[string | null, string | null]>([
  [null, null],
  ['', null],
  ['identity', null],
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['GZIP', 'gzip'],
  ['br', 'br'],
  ['gzip, deflate, br', 'br'],
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip;q=1.0, br;q=0.5', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['br;q=0.0, gzip;q=0', null],
  ['*', 'br'],
  ['*;q=0', null],
  ['br;q=0, *', 'gzip'],
  ['gzip, *;q=0', 'gzip'],
  ['identity;q=1, gzip;q=0.5', null],
  ['identity;q=0.5, gzip;q=1.0', 'gzip'],
  ['identity;q=0', null],
  ['identity;q=0, gzip', 'gzip'],
  [' gzip ; q=0.8 ,br ; q=0.9', 'br'],
  ['gzip;q=2', null],
  ['gzip;q=-1, br;level=4', null],
  ['deflate, zstd, compress', null],
])('Accept-Encoding %o is answered with %o', (accepted, encoding) => {
  expect(chosenEncoding(accepted, encodings)).toBe(encoding);
});

test('an encoding that is not available is not chosen', () => {
  expect(chosenEncoding('br, gzip;q=0.1', ['gzip'])).toBe('gzip');
  expect(chosenEncoding('br, gzip', [])).toBeNull();
});
