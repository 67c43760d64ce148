import type { LimitRule, LimitUse } from '../store/port/limits.ts';

export type ConsumeInProcess = (key: string, rule: LimitRule, now: Date) => LimitUse;

/**
 * Counts in this process only. All keys share one window, which begins with the first of them, so that what is kept is
 * bounded by the requests of one window.
 */
export function makeProcessCounts(): ConsumeInProcess {
  const counts = new Map<string, number>();
  let endsAt = 0;
  return (key, { limit, window }, now) => {
    if (now.getTime() >= endsAt) {
      counts.clear();
      endsAt = now.getTime() + window;
    }
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count <= limit
      ? { allowed: true, exhausts: count === limit }
      : { allowed: false, retryAt: new Date(endsAt) };
  };
}
