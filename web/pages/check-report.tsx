import type { CheckView, ObservationView } from '../../src/api/trust.ts';
import { Icon } from '../ui/icon.tsx';
import { StatusChip } from '../ui/status-chip.tsx';
import { Time } from '../ui/time.tsx';
import { Caught } from './caught.tsx';
import { messages } from './messages.ts';

const t = messages.security;

interface CheckReportProps {
  check: CheckView;
  heading?: 'h2' | 'h4';
  /** What the ages are reckoned from. */
  now: Date;
}

/** One check: what it proves and what it does not, what it saw last, the broken twins that it caught, and how to try it oneself. */
export function CheckReport({ check, heading: Heading = 'h4', now }: CheckReportProps) {
  const last = newest(check.observations);
  return (
    <article className="fc-check" aria-label={check.title}>
      <div className="fc-check-head">
        <Heading>{check.title}</Heading>
        <StatusChip status={check.status} />
      </div>
      <p className="fc-muted fc-small">
        {messages.vantages[check.vantage]}
        {check.ranAt !== null && (
          <>
            , <Time at={check.ranAt} now={now} />
          </>
        )}
        .
      </p>
      <dl className="fc-points">
        <dt>{check.status === 'verified' ? t.proves : t.saw}</dt>
        <dd>{last === undefined ? t.never : <LastSaw last={last} />}</dd>
        {check.limits !== '' && (
          <>
            <dt>{t.provesNot}</dt>
            <dd>{check.limits}</dd>
          </>
        )}
        {last !== undefined && (
          <>
            <dt>{t.twins}</dt>
            <dd>
              <Twins control={last.control} />
            </dd>
          </>
        )}
        <dt>{t.byHand}</dt>
        <dd>{check.byHand === null ? t.onlyInside : <ByHand {...check.byHand} />}</dd>
      </dl>
    </article>
  );
}

function LastSaw({ last: { summary, examined, population } }: { last: ObservationView }) {
  return (
    <>
      {summary}
      {population > 0 && <span className="fc-muted"> {t.examined(examined, population)}</span>}
    </>
  );
}

/** A check that cannot catch its own broken twin proves nothing, so this stands beside every result. */
function Twins({ control }: { control: ObservationView['control'] }) {
  return (
    <div className={control.caught ? 'fc-twin' : 'fc-twin fc-twin-missed'}>
      <Icon name={control.caught ? 'verified' : 'failing'} />
      <div>
        {!control.caught && <p>{t.missedTwin}</p>}
        <Caught saw={control.saw} />
      </div>
    </div>
  );
}

function ByHand({ command, expect }: NonNullable<CheckView['byHand']>) {
  return (
    <>
      <pre className="fc-terminal">{command}</pre>
      <p className="fc-muted fc-small">{expect}</p>
    </>
  );
}

export function newest(observations: readonly ObservationView[]): ObservationView | undefined {
  return observations.toSorted((a, b) => b.at.localeCompare(a.at))[0];
}
