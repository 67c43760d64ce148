import { statuses, type ClaimView, type Status, type TrustView } from '../../src/api/trust.ts';
import { KeyValue } from '../ui/key-value.tsx';
import { StatusChip } from '../ui/status-chip.tsx';
import { Time } from '../ui/time.tsx';
import { messages } from './messages.ts';
import { StatusBar } from './status-bar.tsx';

const t = messages.security;

/**
 * What a reader must not overlook, the most serious first. Unproven claims are counted here and
 * listed below.
 */
const fallsShort: readonly Status[] = ['failing', 'overdue'];

/**
 * How many claims have which status, when this was observed, and on which build. Failing claims are
 * named first.
 */
export function SecuritySummary({ view, now }: { view: TrustView; now: Date }) {
  const { claims, deployment, ranAt } = view;
  const short = fallsShort.flatMap((status) => claims.filter((claim) => claim.status === status));
  const counts = statuses
    .map((status) => ({ status, count: claims.filter((claim) => claim.status === status).length }))
    .filter(({ count }) => count > 0);
  return (
    <section className="fc-card fc-stack" aria-label={t.summary}>
      <StatusBar counts={counts} />
      <ul className="fc-counts">
        {counts.map(({ status, count }) => (
          <li key={status}>
            <StatusChip status={status} />
            <span>{count}</span>
          </li>
        ))}
      </ul>
      {ranAt === null ? <p>{t.neverRan}</p> : short.length > 0 && <FallingShort claims={short} />}
      <KeyValue
        facts={[
          ...(ranAt === null ? [] : [{ label: t.lastRun, value: <Time at={ranAt} now={now} /> }]),
          { label: t.claims, value: claims.length },
          { label: t.deployment, value: deployment.host },
          {
            label: t.version,
            value: (
              <>
                {deployment.version}, {t.build}{' '}
                <code title={deployment.build}>{deployment.build.slice(0, 12)}</code>
                {deployment.commit !== null && (
                  <>
                    , {t.commit}{' '}
                    <code title={deployment.commit}>{deployment.commit.slice(0, 12)}</code>
                  </>
                )}
              </>
            ),
          },
          { label: t.store, value: deployment.store },
        ]}
      />
    </section>
  );
}

function FallingShort({ claims }: { claims: readonly ClaimView[] }) {
  return (
    <div className="fc-short">
      <p>{t.attention(claims.length)}</p>
      <ul>
        {claims.map((claim) => (
          <li key={claim.id}>
            <StatusChip status={claim.status} /> <a href={`#${claim.id}`}>{claim.statement}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}
