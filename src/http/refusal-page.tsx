import { ErrorPage } from '../../web/pages/error.tsx';
import { WrongHostPage } from '../../web/pages/wrong-host.tsx';
import { page, type Frame } from './page.tsx';
import type { Refusal } from './problem-response.ts';

/** Renders a problem as a page, for a browser that opened `path`. */
export function refusalPage(frame: Frame, refusal: Refusal, path: string): Response {
  const { body, headers } = refusal;
  return page(frame, { title: body.title, status: body.status, headers }, contentOf(refusal, path));
}

function contentOf({ name, body }: Refusal, path: string) {
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
