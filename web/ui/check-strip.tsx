import type { ClaimView } from '../../src/api/trust.ts';
import { messages } from './messages.ts';

type Day = ClaimView['history'][number];
type Outcome = 'passed' | 'failed' | 'unknown' | 'none';

const step = 10;
const width = 6;

/**
 * Shapes distinguish the outcomes as well as colours: a bar, a taller bar that reaches below the
 * line, an outline, a dot.
 */
const shapes: Record<Outcome, { y: number; height: number }> = {
  passed: { y: 4, height: 14 },
  failed: { y: 1, height: 24 },
  unknown: { y: 4.75, height: 12.5 },
  none: { y: 15, height: 3 },
};

const outcomes: readonly Outcome[] = ['passed', 'failed', 'unknown', 'none'];

function outcomeOf({ outcome }: Day): Outcome {
  if (outcome === null) return 'none';
  return outcome === 'true' ? 'passed' : outcome === 'false' ? 'failed' : 'unknown';
}

/** "27 days passed, 1 day failed (2026-11-21)": the text alternative of the picture. */
function inWords(history: readonly Day[]): string {
  return outcomes
    .map((outcome) => ({
      outcome,
      days: history.filter((day) => outcomeOf(day) === outcome).map(({ day }) => day),
    }))
    .filter(({ days }) => days.length > 0)
    .map(
      ({ outcome, days }) =>
        `${messages.strip.days(days.length, messages.strip[outcome])}${outcome === 'failed' ? ` (${days.join(', ')})` : ''}`,
    )
    .join(', ');
}

/** All marks of one kind are one path, because one page shows thirty strips. */
function marks(history: readonly Day[], outcome: Outcome): string {
  const { y, height } = shapes[outcome];
  return history
    .map((day, index) =>
      outcomeOf(day) === outcome ? `M${index * step + 2} ${y}h${width}v${height}h-${width}z` : '',
    )
    .join('');
}

/** One mark for each day, oldest first, with the text alternative below. */
export function CheckStrip({ history }: { history: readonly Day[] }) {
  if (history.length === 0) return null;
  const length = history.length * step;
  const drawn = outcomes
    .map((outcome) => ({ outcome, path: marks(history, outcome) }))
    .filter(({ path }) => path !== '');
  return (
    <figure className="fc-strip">
      <svg width={length} height="26" viewBox={`0 0 ${length} 26`} aria-hidden="true">
        {drawn.map(({ outcome, path }) => (
          <path key={outcome} className={`fc-strip-${outcome}`} d={path} />
        ))}
      </svg>
      <figcaption>{`${messages.strip.title(history.length)}: ${inWords(history)}.`}</figcaption>
    </figure>
  );
}
