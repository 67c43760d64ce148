export type PasswordLook = 'short' | 'simple' | 'enough' | 'varied';

/**
 * An assessment by length and variety alone. Whether a password was breached or contains a name is
 * for the server to decide. Counts code points, as the server does.
 */
export function lookOf(password: string, minLength: number): PasswordLook {
  const characters = [...password];
  if (characters.length < minLength) return 'short';
  if (repeats(characters) || isRow(characters)) return 'simple';
  return characters.length >= 20 && new Set(characters).size >= 10 ? 'varied' : 'enough';
}

/** "aaaa…", "abcabc…": few distinct characters, or one part repeated. */
function repeats(characters: readonly string[]): boolean {
  if (new Set(characters).size < 6) return true;
  const half = Math.floor(characters.length / 2);
  return Array.from({ length: half }, (_, index) => index + 1).some((piece) =>
    characters.every((one, at) => at < piece || one === characters[at - piece]),
  );
}

/** "123456…", "zyxwvu…": most characters are neighbours of the previous one. */
function isRow(characters: readonly string[]): boolean {
  const codes = characters.map((one) => one.codePointAt(0) ?? 0);
  const neighbours = codes.filter(
    (code, at) => at > 0 && Math.abs(code - (codes[at - 1] ?? 0)) <= 1,
  );
  return neighbours.length > characters.length / 2;
}
