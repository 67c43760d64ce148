import type { ProblemName } from '../../src/problems.ts';
import { LinkButton } from '../ui/link-button.tsx';
import { problemHelp, type Way } from '../ui/problem-help.ts';
import { messages } from './messages.ts';

const t = messages.error;

export interface ErrorPageProps {
  name: ProblemName;
  status: number;
  title: string;
  detail: string;
  reference: string;
  /** The requested path. */
  path: string;
}

/** What went wrong, what to do, one link or button, and the request ID. */
export function ErrorPage({ name, status, title, detail, reference, path }: ErrorPageProps) {
  const { hint, way } = problemHelp[name];
  return (
    <div className="fc-page fc-notice">
      <div className="fc-stack">
        <p className="fc-muted">{status}</p>
        <h1>{title}</h1>
        {detail !== title && <p>{detail}</p>}
        <p>{hint}</p>
      </div>
      <div className="fc-row">
        <LinkButton look="primary" href={hrefOf(way, path)}>
          {t.ways[way]}
        </LinkButton>
        {way !== 'start' && (
          <LinkButton look="quiet" href="/">
            {t.ways.start}
          </LinkButton>
        )}
      </div>
      <Reference reference={reference} />
    </div>
  );
}

function hrefOf(way: Way, path: string): string {
  const places: Record<Way, string> = {
    again: path,
    start: '/',
    'sign-in': `/sign-in?to=${encodeURIComponent(path)}`,
    'sign-up': '/sign-up',
    recovery: '/recovery',
  };
  return places[way];
}

export function Reference({ reference }: { reference: string }) {
  return (
    <p className="fc-muted fc-small">
      {t.reference} <code className="fc-code fc-pick">{reference}</code>. {t.hint}
    </p>
  );
}
