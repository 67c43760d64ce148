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

/** "22 Nov 2026, 14:03 UTC": the same for every reader, on paper too. */
export function exactTime(at: string): string {
  return `${exact.format(new Date(at))} UTC`;
}

/** "14 minutes ago", in the largest unit that fits. */
export function relativeTime(at: string, now: Date): string {
  const seconds = Math.round((Date.parse(at) - now.getTime()) / 1000);
  const unit = units.find((candidate) => Math.abs(seconds) >= candidate.seconds);
  return unit ? relative.format(Math.trunc(seconds / unit.seconds), unit.name) : 'just now';
}
