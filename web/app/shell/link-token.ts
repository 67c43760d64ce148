/**
 * The tokens of links from the terminal or an email. They are held in memory only: the address bar,
 * the history and storage must not keep them.
 */
const tokens = new Map<string, string>();

/** The token in `#token=…`, or `null`. */
export function tokenIn(hash: string): string | null {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('token');
  return token === '' ? null : token;
}

export function keepToken(screen: string, token: string): void {
  tokens.set(screen, token);
}

export function keptToken(screen: string): string | null {
  return tokens.get(screen) ?? null;
}
