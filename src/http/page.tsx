import type { ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { Document, type DocumentProps } from '../../web/pages/document.tsx';
import { conditional, publicDocument, type Representation } from './conditional.ts';

/** What the layout of every server-rendered page needs. */
export interface PageLayout {
  stylesheet: string;
  sandbox: readonly string[];
}

/** Whom a page is for. */
export interface Reader {
  signedIn: boolean;
}

interface PageContent {
  title: string;
  /** Whether the caller is signed in. */
  signedIn?: boolean;
  live?: DocumentProps['live'];
}

export interface PageOptions extends PageContent {
  status?: number;
  headers?: Headers;
}

const html = 'text/html; charset=utf-8';

/** Renders a public page: plain HTML that works without scripts. */
export function page(
  layout: PageLayout,
  { status = 200, headers = new Headers(), ...options }: PageOptions,
  content: ReactElement,
): Response {
  headers.set('Content-Type', html);
  return new Response(markupOf(layout, options, content), { status, headers });
}

/** Renders a page as a cacheable, compressible representation. The page must contain no personal data. */
export function pageDocument(
  layout: PageLayout,
  options: PageContent,
  content: ReactElement,
): Representation {
  return publicDocument(markupOf(layout, options, content), html);
}

/**
 * Sends a page that differs for signed-in callers. `Vary: Cookie` tells caches apart the two versions; shared caches
 * must not store the signed-in one.
 */
export function sendPage(
  request: Pick<Request, 'headers'>,
  document: Representation,
  { signedIn }: Reader,
): Promise<Response> {
  return conditional(request, document, {
    cacheControl: signedIn ? 'private, no-cache' : 'no-cache',
    vary: 'Cookie',
  });
}

function markupOf(
  layout: PageLayout,
  { title, signedIn = false, live }: PageContent,
  content: ReactElement,
): string {
  const markup = renderToStaticMarkup(
    <Document
      title={title}
      stylesheet={layout.stylesheet}
      sandbox={layout.sandbox}
      signedIn={signedIn}
      live={live}
    >
      {content}
    </Document>,
  );
  return `<!doctype html>${markup}`;
}
