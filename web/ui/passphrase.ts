import { passphraseWords } from './passphrase-words.ts';

const fewest = 5;

/**
 * Five random words, fifty bits, and more if the deployment requires longer passwords. It is a
 * chunk of its own, because most users bring a password.
 */
export function makePassphrase(minLength: number): string {
  const words: string[] = [];
  while (words.length < fewest || words.join(' ').length < minLength) words.push(randomWord());
  return words.join(' ');
}

/** The length of the list is a power of two, so the remainder is unbiased. */
function randomWord(): string {
  const [random = 0] = crypto.getRandomValues(new Uint16Array(1));
  return passphraseWords[random % passphraseWords.length] ?? '';
}
