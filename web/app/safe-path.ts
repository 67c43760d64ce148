/** A path within the app, from an address that anybody may have written; anything else is `null`. Browsers read `\` as `/`. */
export function safePath(wanted: unknown): string | null {
  if (typeof wanted !== 'string' || !/^\/(?![/\\])/.test(wanted)) return null;
  const url = URL.canParse(wanted, window.location.origin) ? new URL(wanted, window.location.origin) : null;
  return url?.origin === window.location.origin ? `${url.pathname}${url.search}${url.hash}` : null;
}
