import { LinkButton } from '../ui/link-button.tsx';
import { words } from './words.ts';

export interface ErrorPageProps {
  status: number;
  title: string;
  detail: string;
  reference: string;
  way: { href: string; label: string };
}

/** What went wrong, the id that the log carries, and the one sensible way on. */
export function ErrorPage({ status, title, detail, reference, way }: ErrorPageProps) {
  return (
    <div className="fc-page fc-notice">
      <div className="fc-stack">
        <p className="fc-muted">{status}</p>
        <h1>{title}</h1>
        {detail !== title && <p>{detail}</p>}
      </div>
      <div className="fc-row">
        <LinkButton look="primary" href={way.href}>{way.label}</LinkButton>
      </div>
      <Reference reference={reference} />
    </div>
  );
}

export function Reference({ reference }: { reference: string }) {
  return (
    <p className="fc-muted fc-small">
      {words.error.reference} <code className="fc-code fc-pick">{reference}</code>. {words.error.hint}
    </p>
  );
}
