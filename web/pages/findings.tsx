import type { CheckView } from '../../src/api/trust.ts';
import { Time } from '../ui/time.tsx';
import { words } from './messages.ts';

const say = words.findings;

/** What did not hold, from when to when: mending it does not make it unseen. */
export function Findings({ findings }: Pick<CheckView, 'findings'>) {
  if (findings.length === 0) return null;
  return (
    <>
      <h3>{say.title}</h3>
      <ul>
        {findings.map(({ reason, firstSeen, lastSeen, closed }) => (
          <li key={firstSeen}>
            {reason} {say.seen} <Time at={firstSeen} />
            {lastSeen !== firstSeen && (
              <>
                , {say.last} <Time at={lastSeen} />
              </>
            )}
            ;{' '}
            {closed === null ? (
              say.open
            ) : (
              <>
                {say.closed} <Time at={closed} />
              </>
            )}
            .
          </li>
        ))}
      </ul>
    </>
  );
}
