import type { CheckView } from '../../src/api/trust.ts';
import { Time } from '../ui/time.tsx';
import { messages } from './messages.ts';

const t = messages.findings;

/** Past failures, with start and end. A fix does not remove them. */
export function Findings({ findings }: Pick<CheckView, 'findings'>) {
  if (findings.length === 0) return null;
  return (
    <>
      <h3>{t.title}</h3>
      <ul>
        {findings.map(({ reason, firstSeen, lastSeen, closed }) => (
          <li key={firstSeen}>
            {reason} {t.seen} <Time at={firstSeen} />
            {lastSeen !== firstSeen && (
              <>
                , {t.last} <Time at={lastSeen} />
              </>
            )}
            ;{' '}
            {closed === null ? (
              t.open
            ) : (
              <>
                {t.closed} <Time at={closed} />
              </>
            )}
            .
          </li>
        ))}
      </ul>
    </>
  );
}
