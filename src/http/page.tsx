import type { ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { Document } from '../../web/pages/document.tsx';

/** What the frame of every server-rendered page needs to know. */
export interface Frame {
  stylesheet: string;
  practice: readonly string[];
}

export interface PageOptions {
  title: string;
  status?: number;
  headers?: Headers;
  /** Whoever asked is signed in. */
  signedIn?: boolean;
}

/** A page for strangers: plain HTML, complete without script. */
export function page(frame: Frame, { title, status = 200, headers = new Headers(), signedIn = false }: PageOptions, content: ReactElement): Response {
  const markup = renderToStaticMarkup(
    <Document title={title} stylesheet={frame.stylesheet} practice={frame.practice} signedIn={signedIn}>
      {content}
    </Document>,
  );
  headers.set('Content-Type', 'text/html; charset=utf-8');
  return new Response(`<!doctype html>${markup}`, { status, headers });
}
