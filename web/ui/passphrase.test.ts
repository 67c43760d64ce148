import { expect, test } from 'vitest';
import { passphraseWords } from './passphrase-words.ts';
import { makePassphrase } from './passphrase.ts';

test('draws from 1024 distinct plain words, so that each adds ten bits', () => {
  expect(new Set(passphraseWords).size).toBe(1024);
  expect(passphraseWords.filter((word) => !/^[a-z]{3,8}$/.test(word))).toEqual([]);
});

test('suggests five words, which are never shorter than 15 characters', () => {
  const made = Array.from({ length: 200 }, () => makePassphrase(15));
  expect(made.filter((phrase) => phrase.length < 15 || phrase.split(' ').length !== 5)).toEqual([]);
  expect(new Set(made).size).toBe(made.length);
});

test('adds words if the deployment requires longer passwords', () => {
  expect(makePassphrase(80).length).toBeGreaterThanOrEqual(80);
});
