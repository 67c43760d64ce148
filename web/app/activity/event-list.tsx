import type { ActivityItem } from '../../../src/api/accounts.ts';
import { Time } from '../../ui/time.tsx';
import { messages } from '../messages.ts';
import { focusElement } from '../shell/focus-element.ts';

interface EventListProps {
  events: readonly ActivityItem[];
  /**
   * The first event of the page that was loaded last. It takes the focus, because the button has
   * moved or disappeared.
   */
  landing: number | undefined;
}

/** One sentence for each event, as the server words it, with time and place. */
export function EventList({ events, landing }: EventListProps) {
  const now = new Date();
  return (
    <ol className="fc-events" aria-label={messages.activity.list}>
      {events.map((event, index) => (
        <li
          key={event.id}
          className="fc-event"
          ref={index === landing ? focusElement : undefined}
          tabIndex={index === landing ? -1 : undefined}
        >
          <p className="fc-event-summary">{event.summary}</p>
          <p className="fc-muted">
            <Time at={event.at} now={now} />
          </p>
          <p className="fc-muted fc-event-where">{whereOf(event)}</p>
        </li>
      ))}
    </ol>
  );
}

function whereOf({ device, address }: ActivityItem): string {
  return [device === '' ? messages.home.unknownDevice : device, address]
    .filter((part) => part !== '')
    .join(' · ');
}
