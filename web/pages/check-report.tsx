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
  /** The instant from which ages are computed. */
  now: Date;
}

/**
 * One check: its result, what it does not cover, its negative controls, and how to reproduce it.
 */
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
            {' '}
            · <Time at={check.ranAt} now={now} />
          </>
        )}
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
            <dt>{t.controls}</dt>
            <dd>
              <Controls control={last.control} />
            </dd>
          </>
        )}
        <dt>{t.byHand}</dt>
        <dd>
          <Reproduce check={check} />
        </dd>
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

/** A check that misses a negative control proves nothing, so this is shown with every result. */
function Controls({ control }: { control: ObservationView['control'] }) {
  return (
    <div className={control.caught ? 'fc-controls' : 'fc-controls fc-controls-missed'}>
      <Icon name={control.caught ? 'verified' : 'failing'} />
      <div>
        {!control.caught && <p>{t.missedControl}</p>}
        <Caught saw={control.saw} />
      </div>
    </div>
  );
}

function Reproduce({ check: { byHand, vantage } }: { check: CheckView }) {
  if (byHand !== null) return <ByHand {...byHand} />;
  return vantage === 'black-box' ? t.byVerify : t.onlyInside;
}

function ByHand({ command, expect }: NonNullable<CheckView['byHand']>) {
  return (
    <>
      <pre className="fc-terminal">{command}</pre>
      <p className="fc-muted fc-small">{expect}</p>
    </>
  );
}

function newest(observations: readonly ObservationView[]): ObservationView | undefined {
  return observations.toSorted((a, b) => b.at.localeCompare(a.at))[0];
}
