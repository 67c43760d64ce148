import { ErrorPage } from '../../web/pages/error.tsx';
import { WrongHostPage } from '../../web/pages/wrong-host.tsx';
import { page, type PageLayout, type Reader } from './page.tsx';
import type { ProblemReply } from './problem-response.ts';

interface Visit extends Reader {
  path: string;
}

/** Renders a problem as a page, for a browser that opened `path`. */
export function problemPage(
  layout: PageLayout,
  problem: ProblemReply,
  { path, signedIn }: Visit,
): Response {
  const { body, headers } = problem;
  return page(
    layout,
    { title: body.title, signedIn, status: body.status, headers },
    contentOf(problem, path),
  );
}

function contentOf({ name, body }: ProblemReply, path: string) {
  const { status, title, detail, reference } = body;
  if (name === 'wrong-host') {
    return (
      <WrongHostPage
        asked={String(body['asked'])}
        configured={String(body['configured'])}
        reference={reference}
      />
    );
  }
  return (
    <ErrorPage
      name={name}
      status={status}
      title={title}
      detail={detail}
      reference={reference}
      path={path}
    />
  );
}
