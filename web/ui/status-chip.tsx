import type { Status } from '../../src/api/trust.ts';
import { Icon } from './icon.tsx';
import { messages } from './messages.ts';

type Tone = 'good' | 'bad' | 'open' | 'said' | 'none';

/** Red is for failing alone; unproven is amber, attested is blue. */
const tones: Record<Status, Tone> = {
  verified: 'good',
  failing: 'bad',
  unverified: 'open',
  overdue: 'open',
  attested: 'said',
  inherited: 'said',
  'in-progress': 'said',
  'not-applicable': 'none',
};

export function StatusChip({ status }: { status: Status }) {
  return (
    <span className={`fc-chip fc-chip-${tones[status]}`}>
      <Icon name={status} />
      {messages.status[status].word}
    </span>
  );
}
