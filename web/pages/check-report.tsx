import type { CheckView, ObservationView } from '../../src/trust/shapes.ts';
import { Icon } from '../ui/icon.tsx';
import { StatusChip } from '../ui/status-chip.tsx';
import { Time } from '../ui/time.tsx';
import { words } from './words.ts';

const say = words.security;

/** One check: from where it looks, what it saw last, what it caught, and what it leaves open. */
export function CheckReport({ check, heading: Heading = 'h4' }: { check: CheckView; heading?: 'h2' | 'h4' }) {
  const last = newest(check.observations);
  return (
    <article className="fc-check" aria-label={check.title}>
      <div className="fc-check-head">
        <Heading>{check.title}</Heading>
        <StatusChip status={check.status} />
      </div>
      <p className="fc-muted fc-small">
        {words.vantages[check.vantage]}
        {check.ranAt !== null && <>, <Time at={check.ranAt} /></>}.
      </p>
      <p>{check.ranAt === null ? say.never : <LastSaw summary={check.summary} last={last} />}</p>
      {last !== undefined && <TwinLine control={last.control} />}
      {check.limits !== '' && <p className="fc-muted">{say.limits}: {check.limits}</p>}
    </article>
  );
}

function LastSaw({ summary, last }: { summary: string; last: ObservationView | undefined }) {
  const counted = last !== undefined && last.population > 0;
  return <>{say.lastSaw}: {summary}{counted && ` (${say.examined(last.examined, last.population)})`}</>;
}

/** A check that cannot catch its own broken twin proves nothing, so this line stands beside every result. */
function TwinLine({ control }: { control: ObservationView['control'] }) {
  return (
    <p className={control.caught ? 'fc-twin' : 'fc-twin fc-twin-missed'}>
      <Icon name={control.caught ? 'verified' : 'failing'} />
      <span>{control.caught ? say.caughtTwin(control.saw) : say.missedTwin(control.saw)}</span>
    </p>
  );
}

export function newest(observations: readonly ObservationView[]): ObservationView | undefined {
  return observations.toSorted((a, b) => b.at.localeCompare(a.at))[0];
}
