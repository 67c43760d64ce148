/**
 * Makes untrusted text safe for a terminal: it cannot move the cursor, hide characters or change the direction of text.
 */

const maxShown = 600;
/**
 * Control characters (C0, C1, ESC), zero-width and bidirectional characters, line separators, surrogates and unassigned
 * code points.
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]+/gu;
/** Combining marks beyond the number that any language uses. They would reach into the lines above and below. */
const piled = /(\p{M}{4})\p{M}+/gu;

/** Returns the text as one safe line. */
export function plain(text: string): string {
  return text
    .replaceAll(/[\t\n\v\f\r\p{Z}]+/gu, ' ')
    .replaceAll(unprintable, '')
    .replaceAll(piled, '$1')
    .trim();
}

/** Returns the text as one safe line of limited length. */
export function brief(text: string): string {
  const line = plain(text.slice(0, 4 * maxShown));
  const characters = [...line];
  return characters.length > maxShown ? `${characters.slice(0, maxShown).join('')}…` : line;
}

/**
 * Returns JSON with the same content that is safe for a terminal: it also escapes C1 controls and bidirectional
 * characters, which JSON allows unescaped. RFC 8259 §7.
 */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(unprintable, (found) =>
    found.replaceAll(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}
