/** The cookies there are; each carries tokens of 256 random bits. */
export type CookieName = 'flowcept' | 'flowcept-device' | 'flowcept-flow';

/** A cookie that a use-case sets. `http/cookies.ts` makes a header of it. */
export interface Cookie {
  name: CookieName;
  /** Without one, the browser forgets the cookie. */
  tokens: readonly string[];
  /** Milliseconds. */
  maxAge: number;
}

export function forgotten(name: CookieName): Cookie {
  return { name, tokens: [], maxAge: 0 };
}
