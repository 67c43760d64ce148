import { statuses, type ClaimView, type Status, type TrustView } from '../../src/trust/shapes.ts';
import { KeyValue } from '../ui/key-value.tsx';
import { StatusChip } from '../ui/status-chip.tsx';
import { Time } from '../ui/time.tsx';
import { words } from './words.ts';

const say = words.security;

/** What a reader must not overlook, the worst first. */
const fallsShort: readonly Status[] = ['failing', 'overdue', 'unverified'];

/** How many claims wear which word, when that was seen, and on what. What falls short is named first, not counted away. */
export function SecuritySummary({ view, now }: { view: TrustView; now: Date }) {
  const { claims, deployment, ranAt } = view;
  const short = fallsShort.flatMap((status) => claims.filter((claim) => claim.status === status));
  const present = statuses
    .map((status) => ({ status, count: claims.filter((claim) => claim.status === status).length }))
    .filter(({ count }) => count > 0);
  return (
    <section className="fc-card fc-stack" aria-label={say.summary}>
      <ul className="fc-counts">
        {present.map(({ status, count }) => (
          <li key={status}>
            <StatusChip status={status} />
            <span>{count}</span>
          </li>
        ))}
      </ul>
      {ranAt === null ? <p>{say.neverRan}</p> : short.length > 0 && <FallingShort claims={short} />}
      <KeyValue
        facts={[
          ...(ranAt === null ? [] : [{ label: say.lastRun, value: <><Time at={ranAt} /> (<Time at={ranAt} now={now} />)</> }]),
          { label: say.claims, value: claims.length },
          { label: say.deployment, value: deployment.host },
          { label: say.version, value: deployment.version },
          { label: say.build, value: <code>{deployment.build}</code> },
          { label: say.store, value: deployment.store },
        ]}
      />
    </section>
  );
}

const namedAtOnce = 6;

function FallingShort({ claims }: { claims: readonly ClaimView[] }) {
  const more = claims.slice(namedAtOnce);
  return (
    <div className="fc-short">
      <p>{say.attention(claims.length)}</p>
      <ShortList claims={claims.slice(0, namedAtOnce)} />
      {more.length > 0 && (
        <details>
          <summary>{say.more(more.length)}</summary>
          <ShortList claims={more} />
        </details>
      )}
    </div>
  );
}

function ShortList({ claims }: { claims: readonly ClaimView[] }) {
  return (
    <ul>
      {claims.map((claim) => (
        <li key={claim.id}>
          <StatusChip status={claim.status} /> <a href={`#${claim.id}`}>{claim.statement}</a>
        </li>
      ))}
    </ul>
  );
}
