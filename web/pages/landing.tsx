import { Callout } from '../ui/callout.tsx';
import { LinkButton } from '../ui/link-button.tsx';
import { words } from './messages.ts';
import { StatusLegend } from './status-legend.tsx';

const say = words.landing;

export interface LandingPageProps {
  signedInAs: string | null;
  hasOperator: boolean;
}

/** The front door: what this is, and one way in. */
export function LandingPage({ signedInAs, hasOperator }: LandingPageProps) {
  return (
    <div className="fc-page">
      <section className="fc-hero">
        <h1>{say.title}</h1>
        <p className="fc-lead">{say.lead}</p>
        {signedInAs === null ? <StrangersWays /> : <MembersWays who={signedInAs} />}
      </section>
      {!hasOperator && (
        <Callout tone="warn" title={say.noOperatorTitle}>
          <p>
            {say.noOperator} <code className="fc-code">{say.claimCommand}</code>.{' '}
            {say.noOperatorAfter}
          </p>
        </Callout>
      )}
      <section className="fc-page-section" aria-labelledby="how">
        <h2 id="how">{say.howTitle}</h2>
        <ol className="fc-steps">
          {say.how.map(({ title, text }) => (
            <li key={title}>
              <h3>{title}</h3>
              <p className="fc-muted">{text}</p>
            </li>
          ))}
        </ol>
      </section>
      <section className="fc-page-section" aria-labelledby="words">
        <h2 id="words">{say.statusTitle}</h2>
        <StatusLegend of={['verified', 'failing', 'unverified']} />
        <p className="fc-muted fc-small">{say.source}</p>
      </section>
    </div>
  );
}

function StrangersWays() {
  return (
    <div className="fc-row">
      <LinkButton look="primary" href="/sign-up">
        {say.createAccount}
      </LinkButton>
      <LinkButton href="/sign-in">{say.signIn}</LinkButton>
      <LinkButton look="quiet" href="/security">
        {say.security}
      </LinkButton>
    </div>
  );
}

function MembersWays({ who }: { who: string }) {
  return (
    <>
      <div className="fc-row">
        <LinkButton look="primary" href="/home">
          {say.openApp}
        </LinkButton>
        <LinkButton look="quiet" href="/security">
          {say.security}
        </LinkButton>
      </div>
      <p className="fc-muted">{say.signedInAs(who)}</p>
    </>
  );
}
