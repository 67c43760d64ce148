import type { Cookie } from '../cookies.ts';
import { tokenCookie } from './cookie-headers.ts';

interface Beside {
  cookies?: readonly Cookie[];
  /** URL to redirect the browser to. */
  location?: string;
  /** Whether the browser clears the data it has stored for this site. ASVS 14.3.1. */
  clearsSiteData?: boolean;
}

/** A response with side effects on the browser. Only {@link headersOf} turns these into headers. */
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
  if (clearsSiteData) headers.set('Clear-Site-Data', '"storage"');
  return headers;
}
