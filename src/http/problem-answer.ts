import type { Router } from 'hono/router';
import type { RouterRoute } from 'hono/types';
import { getPath } from 'hono/utils/url';
import type { Log } from '../log.ts';
import { Problem } from '../problems.ts';
import type { PageLayout, Reader } from './page.tsx';
import { refuse } from './problem-response.ts';

interface Answering {
  log: Log;
  layout: PageLayout;
  /** Looks up whether the caller is signed in, for the page’s header. */
  reader: () => Promise<Reader>;
}

/** Returns a problem in the format that the client expects: a page for a browser navigation, else problem+json. */
export async function problemAnswer(
  thrown: unknown,
  request: Request,
  { log, layout, reader }: Answering,
): Promise<Response> {
  const problem = refuse(thrown, { log, request });
  if (!wantsPage(request))
    return new Response(JSON.stringify(problem.body), {
      status: problem.body.status,
      headers: problem.headers,
    });
  const { problemPage } = await import('./problem-page.tsx');
  const { signedIn } = refusedForFree(problem.body.status)
    ? signedOut
    : await reader().catch(() => signedOut);
  return problemPage(layout, problem, { path: new URL(request.url).pathname, signedIn });
}

const signedOut: Reader = { signedIn: false };

/** A wrong host, a rate limit and a failed server cost no read of the store. */
function refusedForFree(status: number): boolean {
  return status === 421 || status === 429 || status >= 500;
}

/** Within the API, a browser navigates only to the start and callback URLs of sign-in providers. */
function wantsPage(request: Request): boolean {
  const { method, headers } = request;
  const path = getPath(request);
  const mayBePage =
    !path.startsWith('/api/') || (method === 'GET' && path.startsWith('/api/sign-in/'));
  return mayBePage && (headers.get('accept') ?? '').includes('text/html');
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/**
 * Returns the problem for a request that no route serves: `not-found`, or `method-not-allowed` where the path has
 * routes for other methods. Which routes exist is public. RFC 9110 §15.5.6.
 */
export function notServed(router: Router<[unknown, RouterRoute]>, path: string): Problem {
  const served = methods.filter((method) =>
    router.match(method, path)[0].some(([[, route]]) => route.method === method),
  );
  return served.length === 0 ? new Problem('not-found') : notAllowed(served);
}

export function notAllowed(served: readonly string[]): Problem {
  const allow = served.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return new Problem('method-not-allowed', { allow });
}
