import { exactTime, relativeTime } from './time-words.ts';

interface TimeProps {
  /** ISO 8601. */
  at: string;
  /**
   * With `now`, the time is relative and the title has the exact one; without it, the exact time is
   * shown.
   */
  now?: Date | undefined;
}

export function Time({ at, now }: TimeProps) {
  const inFull = exactTime(at);
  return now === undefined ? (
    <time dateTime={at}>{inFull}</time>
  ) : (
    <time dateTime={at} title={inFull}>
      {relativeTime(at, now)}
    </time>
  );
}
