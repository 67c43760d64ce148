import { ErrorPage } from '../../web/pages/error.tsx';
import { WrongHostPage } from '../../web/pages/wrong-host.tsx';
import type { Log } from '../log.ts';
import { page, type Frame } from './page.tsx';
import { refuse, type Refusal } from './problem-response.ts';

/** A refusal as its reader wants it: problem+json, or for a browser that opened a page, a page. */
export function refusalResponse(thrown: unknown, request: Request, { log, frame }: { log: Log; frame: Frame }): Response {
  const refusal = refuse(thrown, { log, request });
  if (!wantsPage(request)) return new Response(JSON.stringify(refusal.body), { status: refusal.body.status, headers: refusal.headers });
  return page(frame, { title: refusal.body.title, status: refusal.body.status, headers: refusal.headers }, pageOf(refusal, new URL(request.url).pathname));
}

/** Of the API only the ways to sign-in providers and back are ever opened as pages. */
function wantsPage({ method, url, headers }: Request): boolean {
  const { pathname } = new URL(url);
  const mayBePage = !pathname.startsWith('/api/') || (method === 'GET' && pathname.startsWith('/api/sign-in/'));
  return mayBePage && (headers.get('accept') ?? '').includes('text/html');
}

function pageOf({ name, body }: Refusal, path: string) {
  const { status, title, detail, reference } = body;
  if (name === 'wrong-host') {
    return <WrongHostPage asked={String(body['asked'])} configured={String(body['configured'])} reference={reference} />;
  }
  return <ErrorPage name={name} status={status} title={title} detail={detail} reference={reference} path={path} />;
}
