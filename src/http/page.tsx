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
  /** The page asks for itself again: progress without script. */
  refreshSeconds?: number;
}

/** A page for strangers: plain HTML, complete without script. */
export function page(frame: Frame, { title, status = 200, headers = new Headers(), refreshSeconds }: PageOptions, content: ReactElement): Response {
  const markup = renderToStaticMarkup(
    <Document title={title} stylesheet={frame.stylesheet} practice={frame.practice} refreshSeconds={refreshSeconds}>
      {content}
    </Document>,
  );
  headers.set('Content-Type', 'text/html; charset=utf-8');
  return new Response(`<!doctype html>${markup}`, { status, headers });
}
