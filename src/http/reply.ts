import type { Cookie } from '../cookies.ts';
import { tokenCookie } from './cookies.ts';

interface Beside {
  cookies?: readonly Cookie[];
  /** Where the browser goes now. */
  location?: string;
  /** Whether the browser clears what it has stored of this site. ASVS 14.3.1. */
  clearsSiteData?: boolean;
}

/** An answer that does more to the browser than its body says; {@link headersOf} alone makes headers of that. */
export class Reply<Body> {
  readonly body: Body;
  readonly beside: Beside;

  constructor(body: Body, beside: Beside) {
    this.body = body;
    this.beside = beside;
  }
}

export function headersOf(
  { cookies = [], location, clearsSiteData = false }: Beside,
  { secure }: { secure: boolean },
): Headers {
  const headers = new Headers();
  for (const cookie of cookies) headers.append('Set-Cookie', tokenCookie(cookie, secure));
  if (location !== undefined) headers.set('Location', location);
  if (clearsSiteData) headers.set('Clear-Site-Data', '"cache", "storage"');
  return headers;
}
