import { Problem } from '../problems.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Every answer to a request that changes something was decided by these. RFC 9110 §12.5.5. */
export function varyByOrigin({ method }: Request, answer: Response): void {
  if (!safeMethods.has(method)) answer.headers.append('Vary', 'Sec-Fetch-Site, Origin');
}

/**
 * Requests that change something come from our own pages only: by `Sec-Fetch-Site` where a browser sends it, else by
 * `Origin`. With neither, a cookie could only have come from a browser that hides both, and is refused; a script has none.
 * ASVS 3.5.1, 3.5.2. @throws Problem `cross-site-request`
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
