import { messages } from './messages.ts';

/** The logo: the corner of a ledger page with a tick. */
export function Brand({ href }: { href: string }) {
  return (
    <a className="fc-brand" href={href}>
      <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
        <rect className="fc-brand-ground" width="24" height="24" rx="6" />
        <path className="fc-brand-ink" d="M7 18V8a2 2 0 0 1 2-2h8m-6.5 6.75 2.5 2.5 4.5-5" />
      </svg>
      {messages.brand}
    </a>
  );
}
