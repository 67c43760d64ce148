/** Text that somebody else wrote, made fit for a terminal: it moves no cursor, hides nothing and reads in one direction. */

const maxShown = 600;
/** Controls (C0, C1, ESC), what has no width or turns the direction of text, line separators, and what is no character. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]+/gu;
/** More marks on one letter than any language has reach into the lines above and below. */
const piled = /(\p{M}{4})\p{M}+/gu;

/** One line. */
export function plain(text: string): string {
  return text
    .replaceAll(/[\t\n\v\f\r\p{Z}]+/gu, ' ')
    .replaceAll(unprintable, '')
    .replaceAll(piled, '$1')
    .trim();
}

/** One line that is not longer than anybody reads. */
export function brief(text: string): string {
  const line = plain(text.slice(0, 4 * maxShown));
  const characters = [...line];
  return characters.length > maxShown ? `${characters.slice(0, maxShown).join('')}…` : line;
}

/** JSON whose text is the same and whose bytes a terminal may show: JSON itself lets C1 controls and what turns directions stand. RFC 8259 §7. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(unprintable, (found) =>
    found.replaceAll(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}
