import type { Cookie, CookieName } from '../cookies.ts';

const tokenForm = /^[\w-]{43}$/;
/** Maximum number of tokens in one cookie, and their separator. */
const maxTokens = 10;
const joint = '.';

/** The `__Host-` prefix requires `Secure`, which plain-HTTP loopback cannot have. ASVS 3.3.1. */
export function cookieName(name: CookieName, secure: boolean): string {
  return secure ? `__Host-${name}` : name;
}

/**
 * Returns the token of this cookie; `null` if the cookie is absent, malformed, or present twice with different values.
 */
export function tokenFromCookie(header: string | null, name: string): string | null {
  const value = valueFromCookie(header, name);
  return value !== null && tokenForm.test(value) ? value : null;
}

/** Returns the tokens of a cookie that carries several; none if one of them is malformed. */
export function tokensFromCookie(header: string | null, name: string): string[] {
  const tokens = valueFromCookie(header, name)?.split(joint) ?? [];
  return tokens.length <= maxTokens && tokens.every((token) => tokenForm.test(token)) ? tokens : [];
}

/** Returns the tokens of all cookies whose names begin like this. Malformed ones are left out. */
export function tokensFromCookies(header: string | null, start: string): string[] {
  if (header === null || !header.includes(start)) return [];
  const values = header.split(';').map((pair) => {
    const [name = '', value = ''] = cookieIn(pair).split('=');
    return name.startsWith(start) ? value : '';
  });
  return values.filter((value) => tokenForm.test(value));
}

function valueFromCookie(header: string | null, name: string): string | null {
  if (header === null || !header.includes(name)) return null;
  let found: string | null = null;
  for (const pair of header.split(';')) {
    const value = valueOf(pair, name);
    if (value === null) continue;
    if (found !== null && found !== value) return null;
    found = value;
  }
  return found;
}

/**
 * Only space and tab separate cookies: `trim()` removes more, and would accept as `__Host-` a name that browsers do not
 * protect. RFC 6265bis §4.1.3, §5.6.
 */
function cookieIn(pair: string): string {
  return pair.replace(/^[ \t]+/, '');
}

/** Returns the value of the pair if it has this name. */
function valueOf(pair: string, name: string): string | null {
  const cookie = cookieIn(pair);
  if (!cookie.startsWith(`${name}=`)) return null;
  const value = cookie.slice(name.length + 1);
  return /^([^ \t]*)[ \t]*$/.exec(value)?.[1] ?? value;
}

/**
 * Returns the `Set-Cookie` header. If there are more tokens than fit, the first ones are kept. `Lax` instead of
 * `Strict`, because the redirect from a sign-in provider is a cross-site GET. ASVS 3.3.2, 3.3.4.
 */
export function tokenCookie({ name, tokens, maxAge }: Cookie, secure: boolean): string {
  const value = tokens.slice(0, maxTokens).join(joint);
  const lifetime = maxAge === null ? '' : ` Max-Age=${Math.max(0, Math.floor(maxAge / 1000))};`;
  return `${cookieName(name, secure)}=${value}; Path=/;${lifetime} HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}
