import type { ReactNode } from 'react';

export interface Fact {
  label: string;
  value: ReactNode;
}

/** Names and values, one pair on each line. */
export function KeyValue({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="fc-facts">
      {facts.map(({ label, value }) => (
        <KeyValuePair key={label} label={label} value={value} />
      ))}
    </dl>
  );
}

function KeyValuePair({ label, value }: Fact) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </>
  );
}
