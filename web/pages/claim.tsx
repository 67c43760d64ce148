import type { CheckView, ClaimView, ObservationView, TrustView } from '../../src/api/trust.ts';
import { CheckStrip } from '../ui/check-strip.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import { KeyValue } from '../ui/key-value.tsx';
import { StatusChip } from '../ui/status-chip.tsx';
import { Time } from '../ui/time.tsx';
import { CheckReport } from './check-report.tsx';
import { ClaimBasis } from './claim-row.tsx';
import { Findings } from './findings.tsx';
import { messages } from './messages.ts';

const t = messages.claim;

export interface ClaimPageProps {
  view: TrustView;
  claim: ClaimView;
  /** The instant from which ages are computed. */
  now?: Date;
}

/** One claim with all its stored observations: the page to link to and to print. */
export function ClaimPage({ view, claim, now = new Date() }: ClaimPageProps) {
  return (
    <div className="fc-page">
      <header className="fc-stack">
        <p>
          <a href={`/security#${claim.id}`}>{t.back}</a>
        </p>
        <h1 className="fc-claim-title">{claim.statement}</h1>
        <StatusChip status={claim.status} />
        <p>{claim.reason}</p>
        <p className="fc-muted">
          <ClaimBasis claim={claim} now={now} />
        </p>
      </header>
      <KeyValue
        facts={[
          { label: t.claim, value: <code>{claim.id}</code> },
          { label: t.section, value: claim.section },
          { label: messages.security.deployment, value: view.deployment.host },
          ...(claim.mutants ? [{ label: t.mutants, value: t.mutantsCaught(claim.mutants) }] : []),
          {
            label: messages.security.version,
            value: (
              <>
                {view.deployment.version} <code>{view.deployment.build}</code>
              </>
            ),
          },
        ]}
      />
      {claim.checks.length > 0 && <History days={claim.history} />}
      {claim.checks.length === 0 && <p>{t.noChecks}</p>}
      {claim.checks.map((check) => (
        <CheckInFull key={check.id} check={check} now={now} />
      ))}
    </div>
  );
}

/** The strip, and the same as a table, newest first. */
function History({ days }: { days: ClaimView['history'] }) {
  return (
    <div className="fc-stack fc-history">
      <CheckStrip history={days} />
      <details>
        <summary>{t.days}</summary>
        <table className="fc-table">
          <thead>
            <tr>
              <th scope="col">{t.day}</th>
              <th scope="col">{t.worst}</th>
            </tr>
          </thead>
          <tbody>
            {days.toReversed().map(({ day, outcome }) => (
              <tr key={day}>
                <td data-label={t.day}>{day}</td>
                <td data-label={t.worst}>
                  {outcome === null ? t.notSeen : <Outcome outcome={outcome} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  );
}

function CheckInFull({ check, now }: { check: CheckView; now: Date }) {
  const caption = `${t.observations}: ${check.title}`;
  return (
    <section className="fc-page-section">
      <CheckReport check={check} heading="h2" now={now} />
      {check.observations.length === 0 ? (
        <p className="fc-muted">{t.noObservations}</p>
      ) : (
        <Observations check={check} caption={caption} />
      )}
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
          <th scope="col">{t.at}</th>
          <th scope="col">{t.outcome}</th>
          <th scope="col">{t.saw}</th>
          <th scope="col">{t.examined}</th>
          <th scope="col">{t.control}</th>
        </tr>
      </thead>
      <tbody>
        {newestFirst.map(({ at, outcome, summary, examined, population, control }) => (
          <tr key={at}>
            <td data-label={t.at}>
              <Time at={at} />
            </td>
            <td data-label={t.outcome}>
              <Outcome outcome={outcome} />
            </td>
            <td data-label={t.saw}>{summary}</td>
            <td data-label={t.examined}>{`${examined} / ${population}`}</td>
            <td data-label={t.control}>
              {control.caught ? control.saw.split('\n')[0] : t.missed(control.saw)}
            </td>
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
  return (
    <span className={`fc-outcome fc-outcome-${outcome}`}>
      <Icon name={outcomeIcons[outcome]} />
      {messages.outcomes[outcome]}
    </span>
  );
}
