/** The names of all cookies. Each contains tokens of 256 random bits. */
export type CookieName = 'flowcept' | 'flowcept-device' | `flowcept-flow-${string}`;

/** A cookie to set. `http/cookie-headers.ts` turns it into a header. */
export interface Cookie {
  name: CookieName;
  /** If empty, the browser deletes the cookie. */
  tokens: readonly string[];
  /** Milliseconds. `null`: until the browser is closed. */
  maxAge: number | null;
}

export function forgotten(name: CookieName): Cookie {
  return { name, tokens: [], maxAge: 0 };
}
