import { exactTime, relativeTime } from './time-words.ts';

interface TimeProps {
  /** ISO 8601. */
  at: string;
  /** Given, the time reads relative to it and the exact one is in the title; left out, the exact one is shown. */
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
