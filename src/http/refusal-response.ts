import type { Log } from '../log.ts';
import type { Frame } from './page.tsx';
import { refuse } from './problem-response.ts';

/** A refusal as its reader wants it: problem+json, or for a browser that opened a page, a page. */
export async function refusalResponse(
  thrown: unknown,
  request: Request,
  { log, frame }: { log: Log; frame: Frame },
): Promise<Response> {
  const refusal = refuse(thrown, { log, request });
  if (!wantsPage(request))
    return new Response(JSON.stringify(refusal.body), {
      status: refusal.body.status,
      headers: refusal.headers,
    });
  const { refusalPage } = await import('./refusal-page.tsx');
  return refusalPage(frame, refusal, new URL(request.url).pathname);
}

/** Of the API only the ways to sign-in providers and back are ever opened as pages. */
function wantsPage({ method, url, headers }: Request): boolean {
  const { pathname } = new URL(url);
  const mayBePage =
    !pathname.startsWith('/api/') || (method === 'GET' && pathname.startsWith('/api/sign-in/'));
  return mayBePage && (headers.get('accept') ?? '').includes('text/html');
}
