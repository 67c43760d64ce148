import { describe, expect, test } from 'vitest';
import { parseWords, UsageError } from './parse-words.ts';
import { verify } from './verify.ts';

const url = 'https://app.example.org';

describe('the words after a command', () => {
  test.each([
    [[url, '--pin', 'KEY', '--json']],
    [['--json', '--pin=KEY', url]],
    [['--pin', 'OTHER', '--pin', 'KEY', '--json', '--', url]],
  ])('%j are parsed as argument and options, in any order and either spelling', (words) => {
    expect(parseWords(verify, words)).toMatchObject({
      json: true,
      argument: url,
      values: { pin: 'KEY' },
    });
  });

  test('an empty command line has no options', () => {
    expect(parseWords(verify, [])).toEqual({ json: false, argument: null, values: {} });
  });

  test.each([['--no-such'], ['--__proto__'], ['-j'], ['--pin'], [url, url]])(
    '%j are rejected where they are unknown',
    (...words) => {
      expect(() => parseWords(verify, words)).toThrow(UsageError);
    },
  );
});
