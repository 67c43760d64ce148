/** Reads digits of every script: “١٢٣” and “１２３” are 123. */

const decimal = /\p{Nd}/gu;
const separator = /^[\s\p{Pd}.]$/u;

/** The same text with ASCII digits. Unicode keeps each script’s digits in order, zero to nine. */
export function asciiDigits(text: string): string {
  return text.replace(decimal, (digit) => {
    const at = digit.codePointAt(0) ?? 0;
    let zero = at;
    while (/^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
    return `${(at - zero) % 10}`;
  });
}

/**
 * The first `length` digits of what was typed or pasted, and what was left out: further digits, and
 * everything that does not merely separate digits.
 */
export function readDigits(text: string, length: number): { digits: string; ignored: string } {
  const characters = [...asciiDigits(text)].filter((character) => !separator.test(character));
  const digits = characters.filter((character) => /\d/.test(character));
  const others = characters.filter((character) => !/\d/.test(character));
  return {
    digits: digits.slice(0, length).join(''),
    ignored: [...others, ...digits.slice(length)].join(''),
  };
}
