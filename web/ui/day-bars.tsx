import type { ActivityDay } from '../../src/api/accounts.ts';
import { messages } from './messages.ts';

const t = messages.days;
const step = 12;
const width = 8;
const tallest = 32;

/** The number of events on each day, oldest first. The text below says the same. */
export function DayBars({ days }: { days: readonly ActivityDay[] }) {
  const most = Math.max(1, ...days.map(({ events }) => events ?? 0));
  const bars = days.map(({ events }, at) => mark(at, events, most)).join('');
  return (
    <figure className="fc-strip">
      <svg
        width={days.length * step}
        height={tallest}
        viewBox={`0 0 ${days.length * step} ${tallest}`}
        aria-hidden="true"
      >
        <path
          className="fc-strip-none"
          d={days.map((_, at) => `M${at * step + 2} ${tallest - 2}h${width}v2h-${width}z`).join('')}
        />
        <path className="fc-strip-passed" d={bars} />
      </svg>
      <figcaption>{inWords(days)}</figcaption>
    </figure>
  );
}

/** On a square-root scale, so that a day with one event is visible beside a day with a hundred. */
function mark(at: number, events: number | null, most: number): string {
  if (events === null || events === 0) return '';
  const height = Math.max(4, Math.round(Math.sqrt(events / most) * tallest));
  return `M${at * step + 2} ${tallest - height}h${width}v${height}h-${width}z`;
}

function inWords(days: readonly ActivityDay[]): string {
  const busy = days.filter(({ events }) => events !== null && events > 0);
  const total = busy.reduce((sum, { events }) => sum + (events ?? 0), 0);
  const unread = days.filter(({ events }) => events === null).length;
  const busiest = busy.toSorted((a, b) => (b.events ?? 0) - (a.events ?? 0))[0];
  return [
    t.total(days.length, total, busy.length),
    ...(busiest && busy.length > 1 ? [t.most(busiest.day, busiest.events ?? 0)] : []),
    ...(unread > 0 ? [t.unread(unread)] : []),
  ].join(' ');
}
