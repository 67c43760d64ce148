import { KeyValue } from '../ui/key-value.tsx';
import { Reference } from './error.tsx';
import { messages } from './messages.ts';

const t = messages.wrongHost;

export interface WrongHostPageProps {
  /** The host in the request. */
  asked: string;
  /** The origin of `PUBLIC_URL`. */
  configured: string;
  reference: string;
}

/**
 * Shows both addresses and the fix, because a wrong origin has the symptoms of many other faults.
 */
export function WrongHostPage({ asked, configured, reference }: WrongHostPageProps) {
  return (
    <div className="fc-page fc-notice">
      <div className="fc-stack">
        <p className="fc-muted">421</p>
        <h1>{t.title}</h1>
        <p>{t.lead}</p>
      </div>
      <KeyValue
        facts={[
          { label: t.asked, value: <code>{asked}</code> },
          { label: t.configured, value: <code>{configured}</code> },
        ]}
      />
      <section className="fc-stack">
        <h2>{t.visitor}</h2>
        <p>
          {t.visit} <a href={configured}>{configured}</a>
        </p>
      </section>
      <section className="fc-stack">
        <h2>{t.operator}</h2>
        <p>{t.fix}</p>
        <pre className="fc-terminal">PUBLIC_URL={originOf(asked)}</pre>
        <p className="fc-muted">{t.proxy}</p>
      </section>
      <Reference reference={reference} />
    </div>
  );
}

/** The Host header has no scheme: https is assumed, except on this machine. */
function originOf(host: string): string {
  return `${/^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(host) ? 'http' : 'https'}://${host}`;
}
