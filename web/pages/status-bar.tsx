import type { Status } from '../../src/api/trust.ts';

interface StatusBarProps {
  counts: readonly { status: Status; count: number }[];
}

/** How many claims have which status, as a picture beside the counts. */
export function StatusBar({ counts }: StatusBarProps) {
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  const parts = counts.map(({ status, count }, at) => ({
    status,
    count,
    from: counts.slice(0, at).reduce((sum, before) => sum + before.count, 0),
  }));
  return (
    <svg
      className="fc-status-bar"
      viewBox={`0 0 ${all} 1`}
      preserveAspectRatio="none"
      width="100%"
      height="10"
      aria-hidden="true"
    >
      {parts.map(({ status, count, from }) => (
        <rect key={status} className={`fc-part-${status}`} x={from} width={count} height="1" />
      ))}
    </svg>
  );
}
