import { passphraseWords } from './passphrase-words.ts';

const fewest = 5;

/** Five words at random, fifty bits, and more of them where the deployment wants longer passwords. Its own chunk: most people bring a password. */
export function makePassphrase(minLength: number): string {
  const words: string[] = [];
  while (words.length < fewest || words.join(' ').length < minLength) words.push(randomWord());
  return words.join(' ');
}

/** The list's length is a power of two, so the remainder favours no word. */
function randomWord(): string {
  const [random = 0] = crypto.getRandomValues(new Uint16Array(1));
  return passphraseWords[random % passphraseWords.length] ?? '';
}
