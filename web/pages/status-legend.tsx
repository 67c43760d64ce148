import { statuses, type Status } from '../../src/api/trust.ts';
import { messages } from '../ui/messages.ts';
import { StatusChip } from '../ui/status-chip.tsx';

/** The statuses of claims, all or some, with what each means. */
export function StatusLegend({ of = statuses }: { of?: readonly Status[] }) {
  return (
    <dl className="fc-legend">
      {of.map((status) => (
        <div key={status}>
          <dt>
            <StatusChip status={status} />
          </dt>
          <dd>{messages.status[status].meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
