import { Callout } from '../ui/callout.tsx';
import { LinkButton } from '../ui/link-button.tsx';
import { messages } from './messages.ts';
import { StatusLegend } from './status-legend.tsx';

const t = messages.landing;

export interface LandingPageProps {
  signedInAs: string | null;
  hasOperator: boolean;
}

/** The landing page: what Flowcept is, and one button to start. */
export function LandingPage({ signedInAs, hasOperator }: LandingPageProps) {
  return (
    <div className="fc-page">
      <section className="fc-hero">
        <h1>{t.title}</h1>
        <p className="fc-lead">{t.lead}</p>
        {signedInAs === null ? <StrangersWays /> : <MembersWays name={signedInAs} />}
      </section>
      {!hasOperator && (
        <Callout tone="warn" title={t.noOperatorTitle}>
          <p>
            {t.noOperator} <code className="fc-code">{t.claimCommand}</code>. {t.noOperatorAfter}
          </p>
        </Callout>
      )}
      <section className="fc-page-section" aria-labelledby="how">
        <h2 id="how">{t.howTitle}</h2>
        <ol className="fc-steps">
          {t.how.map(({ title, text }) => (
            <li key={title}>
              <h3>{title}</h3>
              <p className="fc-muted">{text}</p>
            </li>
          ))}
        </ol>
      </section>
      <section className="fc-page-section" aria-labelledby="words">
        <h2 id="words">{t.statusTitle}</h2>
        <StatusLegend of={['verified', 'failing', 'unverified']} />
        <p className="fc-muted fc-small">{t.source}</p>
      </section>
    </div>
  );
}

function StrangersWays() {
  return (
    <div className="fc-row">
      <LinkButton look="primary" href="/sign-up">
        {t.createAccount}
      </LinkButton>
      <LinkButton href="/sign-in">{t.signIn}</LinkButton>
      <LinkButton look="quiet" href="/security">
        {t.security}
      </LinkButton>
    </div>
  );
}

function MembersWays({ name }: { name: string }) {
  return (
    <>
      <div className="fc-row">
        <LinkButton look="primary" href="/home">
          {t.openApp}
        </LinkButton>
        <LinkButton look="quiet" href="/security">
          {t.security}
        </LinkButton>
      </div>
      <p className="fc-muted">{t.signedInAs(name)}</p>
    </>
  );
}
