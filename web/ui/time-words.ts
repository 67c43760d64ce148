const exact = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

const units = [
  { name: 'year', seconds: 31_557_600 },
  { name: 'month', seconds: 2_629_800 },
  { name: 'day', seconds: 86_400 },
  { name: 'hour', seconds: 3_600 },
  { name: 'minute', seconds: 60 },
] as const;
const minute = 60;
/** Seconds by which what has just happened can lie in the future of the reader’s clock. */
const clockSkew = 5;

/** "22 Nov 2026, 14:03 UTC": the same for every reader, also in print. */
export function exactTime(at: string): string {
  return `${exact.format(new Date(at))} UTC`;
}

/** "14 minutes ago", in the largest unit that fits. */
export function relativeTime(at: string, now: Date): string {
  const seconds = secondsUntil(at, now);
  const unit = unitOf(seconds);
  if (unit) return relative.format(Math.trunc(seconds / unit.seconds), unit.name);
  return seconds > clockSkew ? 'in less than a minute' : 'just now';
}

/**
 * Milliseconds until the first instant after `now` at which {@link relativeTime} returns another
 * text for `at`.
 */
export function turnOf(at: string, now: Date): number {
  const seconds = secondsUntil(at, now);
  const length = unitOf(seconds)?.seconds;
  // Shortly before `at`, then a minute after it; from then on each whole unit, and the first of a
  // larger unit.
  if (length === undefined) return whenSecondsAre(seconds > clockSkew ? clockSkew : -minute, at);
  if (seconds > 0) return whenSecondsAre(Math.trunc(seconds / length) * length - 1, at);
  const larger = units.findLast((candidate) => candidate.seconds > length)?.seconds ?? Infinity;
  return whenSecondsAre(-Math.min((Math.trunc(-seconds / length) + 1) * length, larger), at);
}

function secondsUntil(at: string, now: Date): number {
  return Math.round((Date.parse(at) - now.getTime()) / 1000);
}

/** The first millisecond at which at most this many are left. */
function whenSecondsAre(seconds: number, at: string): number {
  return Date.parse(at) - seconds * 1000 - 500 + 1;
}

function unitOf(seconds: number) {
  return units.find((candidate) => Math.abs(seconds) >= candidate.seconds);
}
