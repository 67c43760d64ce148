import { Problem } from '../problems.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** These headers influence the response to every unsafe request. RFC 9110 §12.5.5. */
export function varyByOrigin({ method }: Request, answer: Response): void {
  if (!safeMethods.has(method)) answer.headers.append('Vary', 'Sec-Fetch-Site, Origin');
}

/**
 * Allows unsafe requests only from our own pages: by `Sec-Fetch-Site` where the browser sends it, else by `Origin`. A
 * request with neither is rejected if it has a cookie, because only a browser that hides both would send one. A script
 * has no cookie and is allowed. ASVS 3.5.1, 3.5.2.
 * @throws Problem `cross-site-request`
 */
export function checkOrigin({ method, headers }: Request, origin: string): void {
  if (safeMethods.has(method)) return;
  const site = headers.get('sec-fetch-site');
  const from = headers.get('origin');
  const ours =
    site !== null
      ? site === 'same-origin'
      : from !== null
        ? from === origin
        : !headers.has('cookie');
  if (!ours) throw new Problem('cross-site-request', { cause: { site, from } });
}
