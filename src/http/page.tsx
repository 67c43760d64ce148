import type { ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { Document } from '../../web/pages/document.tsx';
import { conditional, publicDocument, type Representation } from './conditional.ts';

/** What the frame of every server-rendered page needs to know. */
export interface Frame {
  stylesheet: string;
  sandbox: readonly string[];
}

interface PageContent {
  title: string;
  /** Whoever asked is signed in. */
  signedIn?: boolean;
}

export interface PageOptions extends PageContent {
  status?: number;
  headers?: Headers;
}

const html = 'text/html; charset=utf-8';

/** A page for strangers: plain HTML, complete without script. */
export function page(
  frame: Frame,
  { status = 200, headers = new Headers(), ...options }: PageOptions,
  content: ReactElement,
): Response {
  headers.set('Content-Type', html);
  return new Response(markupOf(frame, options, content), { status, headers });
}

/** The same as something to keep and to send compressed: of a page that holds nothing about anybody. */
export function pageDocument(
  frame: Frame,
  options: PageContent,
  content: ReactElement,
): Representation {
  return publicDocument(markupOf(frame, options, content), html);
}

/**
 * How a page is sent that is one thing to whoever is signed in and another to everybody else. What is signed in to is seen
 * by the cookie; of shared caches none may keep what is not for everybody.
 */
export function sendPage(
  request: Pick<Request, 'headers'>,
  document: Representation,
  { signedIn }: { signedIn: boolean },
): Promise<Response> {
  return conditional(request, document, {
    cacheControl: signedIn ? 'private, no-cache' : 'no-cache',
    vary: 'Cookie',
  });
}

function markupOf(
  frame: Frame,
  { title, signedIn = false }: PageContent,
  content: ReactElement,
): string {
  const markup = renderToStaticMarkup(
    <Document
      title={title}
      stylesheet={frame.stylesheet}
      sandbox={frame.sandbox}
      signedIn={signedIn}
    >
      {content}
    </Document>,
  );
  return `<!doctype html>${markup}`;
}
