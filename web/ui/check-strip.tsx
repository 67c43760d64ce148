import type { ClaimView } from '../../src/trust/shapes.ts';
import { words } from './words.ts';

type Day = ClaimView['history'][number];
type Outcome = 'held' | 'failed' | 'unknown' | 'none';

const step = 10;
const width = 6;

/** The shape tells them apart as well as the colour: a bar, a taller bar that goes below the line, a frame, a dot. */
const shapes: Record<Outcome, { y: number; height: number }> = {
  held: { y: 4, height: 14 },
  failed: { y: 1, height: 24 },
  unknown: { y: 4.75, height: 12.5 },
  none: { y: 15, height: 3 },
};

const outcomes: readonly Outcome[] = ['held', 'failed', 'unknown', 'none'];

function outcomeOf({ outcome }: Day): Outcome {
  if (outcome === null) return 'none';
  return outcome === 'true' ? 'held' : outcome === 'false' ? 'failed' : 'unknown';
}

/** "27 days held, 1 day did not hold": what the picture says, for those who do not see it. */
function inWords(history: readonly Day[]): string {
  const found = history.map(outcomeOf);
  const counts = outcomes.map((outcome) => ({ outcome, count: found.filter((other) => other === outcome).length }));
  return counts
    .filter(({ count }) => count > 0)
    .map(({ outcome, count }) => words.strip.days(count, words.strip[outcome]))
    .join(', ');
}

/** One mark a day, oldest first, and the same in words below it. */
export function CheckStrip({ history }: { history: readonly Day[] }) {
  if (history.length === 0) return null;
  const length = history.length * step;
  return (
    <figure className="fc-strip">
      <svg width={length} height="26" viewBox={`0 0 ${length} 26`} aria-hidden="true">
        {history.map((day, index) => {
          const outcome = outcomeOf(day);
          const { y, height } = shapes[outcome];
          return (
            <rect key={day.day} className={`fc-strip-${outcome}`} x={index * step + 1} y={y} width={width} height={height} rx="1">
              <title>{`${day.day}: ${words.strip[outcome]}`}</title>
            </rect>
          );
        })}
      </svg>
      <figcaption>{`${words.strip.title(history.length)}: ${inWords(history)}.`}</figcaption>
    </figure>
  );
}
