/** The token of the operator's link. Held in memory only: the address bar, the history and storage must not keep it. */
let held: string | null = null;

/** The token in `#token=…`, or `null`. */
export function tokenIn(hash: string): string | null {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('token');
  return token === '' ? null : token;
}

export function keepClaimToken(token: string): void {
  held = token;
}

export function claimToken(): string | null {
  return held;
}
