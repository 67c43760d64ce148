import type { ClaimView, TrustView } from '../../src/api/trust.ts';
import { Button } from '../ui/button.tsx';
import { Callout } from '../ui/callout.tsx';
import { ClaimRow } from './claim-row.tsx';
import { messages } from './messages.ts';
import { BrokenRecord, CheckYourself, RemovedClaims } from './record.tsx';
import { SecuritySummary } from './security-summary.tsx';
import { StatusLegend } from './status-legend.tsx';

const t = messages.security;

export interface SecurityPageProps {
  view: TrustView;
  /** The opening paragraphs of `security.md`. */
  intro: string;
  run: 'hidden' | 'offered' | 'running';
  /** The instant from which ages are computed. */
  now?: Date;
}

/** Every claim with its status and the evidence for it. */
export function SecurityPage({ view, intro, run, now = new Date() }: SecurityPageProps) {
  return (
    <div className="fc-page">
      <header className="fc-stack">
        <h1>{t.title}</h1>
        {intro.split(/\n\s*\n/).map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
        {run === 'running' && (
          <Callout role="status">
            <p>
              {t.running} <a href="/security/run">{t.watch}</a>
            </p>
          </Callout>
        )}
      </header>
      <BrokenRecord breaks={view.record.breaks} now={now} />
      <SecuritySummary view={view} now={now} />
      {run === 'offered' && (
        <form className="fc-run fc-row" method="post" action="/security/run">
          <Button type="submit">{t.run}</Button>
          <span className="fc-muted fc-small">{t.runTakes}</span>
        </form>
      )}
      {bySection(view.claims).map(({ section, claims }) => (
        <section key={section} className="fc-page-section">
          <h2>{section}</h2>
          <ul className="fc-ledger">
            {claims.map((claim) => (
              <ClaimRow key={claim.id} claim={claim} now={now} />
            ))}
          </ul>
        </section>
      ))}
      <RemovedClaims removed={view.removed} now={now} />
      <CheckYourself view={view} now={now} />
      <section className="fc-page-section" aria-labelledby="legend">
        <h2 id="legend">{t.legend}</h2>
        <StatusLegend />
        <p className="fc-muted">{t.legendNote}</p>
        <p>
          <a href="/api/trust">{t.json}</a>
        </p>
      </section>
    </div>
  );
}

/** Sections and claims in the order of `security.md`. */
function bySection(claims: readonly ClaimView[]): { section: string; claims: ClaimView[] }[] {
  const sections = new Map<string, ClaimView[]>();
  for (const claim of claims)
    sections.set(claim.section, [...(sections.get(claim.section) ?? []), claim]);
  return [...sections].map(([section, members]) => ({ section, claims: members }));
}
