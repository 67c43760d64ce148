import type { CheckView, ClaimView, ObservationView, TrustView } from '../../src/trust/shapes.ts';
import { CheckStrip } from '../ui/check-strip.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import { KeyValue } from '../ui/key-value.tsx';
import { StatusChip } from '../ui/status-chip.tsx';
import { Time } from '../ui/time.tsx';
import { CheckReport } from './check-report.tsx';
import { ClaimBasis } from './claim-row.tsx';
import { Findings } from './findings.tsx';
import { words } from './words.ts';

const say = words.claim;

export interface ClaimPageProps {
  view: TrustView;
  claim: ClaimView;
  /** What the ages are reckoned from. */
  now?: Date;
}

/** One claim by itself, with every observation that is kept of it: the page to link to and to print. */
export function ClaimPage({ view, claim, now = new Date() }: ClaimPageProps) {
  return (
    <div className="fc-page">
      <header className="fc-stack">
        <p><a href={`/security#${claim.id}`}>{say.back}</a></p>
        <h1 className="fc-claim-title">{claim.statement}</h1>
        <StatusChip status={claim.status} />
        <p>{claim.reason}</p>
        <p className="fc-muted"><ClaimBasis claim={claim} now={now} /></p>
      </header>
      <KeyValue
        facts={[
          { label: say.claim, value: <code>{claim.id}</code> },
          { label: say.section, value: claim.section },
          { label: words.security.deployment, value: view.deployment.host },
          { label: words.security.version, value: <>{view.deployment.version} <code>{view.deployment.build}</code></> },
        ]}
      />
      <CheckStrip history={claim.history} />
      {claim.checks.length === 0 && <p>{say.noChecks}</p>}
      {claim.checks.map((check) => <CheckInFull key={check.id} check={check} />)}
    </div>
  );
}

function CheckInFull({ check }: { check: CheckView }) {
  const caption = `${say.observations}: ${check.title}`;
  return (
    <section className="fc-page-section">
      <CheckReport check={check} heading="h2" />
      {check.observations.length === 0 ? <p className="fc-muted">{say.noObservations}</p> : <Observations check={check} caption={caption} />}
      <Findings findings={check.findings} />
    </section>
  );
}

function Observations({ check, caption }: { check: CheckView; caption: string }) {
  const newestFirst = check.observations.toSorted((a, b) => b.at.localeCompare(a.at));
  return (
    <table className="fc-table">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{say.at}</th>
          <th scope="col">{say.outcome}</th>
          <th scope="col">{say.saw}</th>
          <th scope="col">{say.examined}</th>
          <th scope="col">{say.twin}</th>
        </tr>
      </thead>
      <tbody>
        {newestFirst.map(({ at, outcome, summary, examined, population, control }) => (
          <tr key={at}>
            <td data-label={say.at}><Time at={at} /></td>
            <td data-label={say.outcome}><Outcome outcome={outcome} /></td>
            <td data-label={say.saw}>{summary}</td>
            <td data-label={say.examined}>{`${examined} / ${population}`}</td>
            <td data-label={say.twin}>{control.caught ? say.caught(control.saw) : say.missed(control.saw)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const outcomeIcons: Record<ObservationView['outcome'], IconName> = {
  true: 'verified',
  false: 'failing',
  'not-applicable': 'not-applicable',
  unknown: 'unverified',
  error: 'unverified',
};

function Outcome({ outcome }: { outcome: ObservationView['outcome'] }) {
  return <span className={`fc-outcome fc-outcome-${outcome}`}><Icon name={outcomeIcons[outcome]} />{words.outcomes[outcome]}</span>;
}
