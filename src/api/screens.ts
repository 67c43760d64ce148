/** Screens of the app. One HTML page serves them all. */
export const screens = [
  '/sign-up',
  '/sign-up/check-mail',
  '/sign-in',
  '/sign-in/second-factor',
  '/sign-in/reopen',
  '/proved',
  '/recovery',
  '/undo',
  '/add-factor',
  '/home',
  '/account',
  '/activity',
  '/operator',
  '/operators',
] as const;

/** Server-rendered pages. A user may be redirected to them after signing in. `:` marks a parameter. */
export const pages = [
  '/',
  '/docs',
  '/problems',
  '/problems/:name',
  '/security',
  '/security/claims/:claim',
  '/security/run',
] as const;

export type PagePath = (typeof pages)[number];

const withinOneSite = /^\/(?![/\\])[^\\\p{Cc}]*$/u;

const known = [...screens, ...pages].map(
  (path) => new RegExp(`^${path.replaceAll(/:\w+/g, '[\\w-]+')}$`),
);

/**
 * Returns the path of a screen or page from an untrusted destination; `null` for anything else. The path is normalised
 * and decoded before it is compared, as a router does, and returned in that form: `/%61pi/…` is `/api/…`, which is not
 * a screen. ASVS 3.7.2.
 */
export function safePath(wanted: unknown, origin: string): string | null {
  if (typeof wanted !== 'string' || wanted.length > 2_000 || !withinOneSite.test(wanted))
    return null;
  const url = URL.canParse(wanted, origin) ? new URL(wanted, origin) : null;
  const path = url?.origin === origin ? decoded(url.pathname) : null;
  return url && path !== null && known.some((form) => form.test(path))
    ? `${path}${url.search}${url.hash}`
    : null;
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
