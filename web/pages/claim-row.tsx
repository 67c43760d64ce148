import type { ClaimView } from '../../src/api/trust.ts';
import { CheckStrip } from '../ui/check-strip.tsx';
import { StatusChip } from '../ui/status-chip.tsx';
import { Time } from '../ui/time.tsx';
import { CheckReport } from './check-report.tsx';
import { messages } from './messages.ts';

const t = messages.security;

/** A row of the list: the claim, its status and, when opened, the evidence for the status. */
export function ClaimRow({ claim, now }: { claim: ClaimView; now: Date }) {
  return (
    <li id={claim.id} className={`fc-claim fc-claim-${claim.status}`}>
      <div className="fc-claim-head">
        <h3 className="fc-claim-statement" id={`${claim.id}-statement`}>
          {claim.statement}
        </h3>
        <StatusChip status={claim.status} />
      </div>
      <details>
        <summary aria-labelledby={`${claim.id}-statement ${claim.id}-basis`}>
          <span id={`${claim.id}-basis`}>
            <ClaimBasis claim={claim} now={now} />
          </span>
        </summary>
        <div className="fc-claim-body">
          {!isSaidAbove(claim) && <p>{claim.reason}</p>}
          {claim.checks.length > 0 && <CheckStrip history={claim.history} />}
          {claim.checks.map((check) => (
            <CheckReport key={check.id} check={check} now={now} />
          ))}
          <p>
            <a href={`/security/claims/${claim.id}`}>{t.permalink}</a>
          </p>
        </div>
      </details>
    </li>
  );
}

/** A claim that no check decides shows its reason instead of a count. */
function isSaidAbove({ checks, status }: ClaimView): boolean {
  return checks.length === 0 && status !== 'unverified';
}

/** "3 of 3 checks passed · black-box and internal · 14 minutes ago". */
export function ClaimBasis({ claim, now }: { claim: ClaimView; now: Date }) {
  const deciding = claim.checks.filter(({ status }) => status !== 'not-applicable');
  const passed = deciding.filter(({ status }) => status === 'verified').length;
  const oldest = oldestRun(claim);
  if (claim.checks.length === 0) return isSaidAbove(claim) ? claim.reason : t.noChecks;
  if (deciding.length === 0) return t.noneApplies;
  return (
    <>
      {t.checksPassed(passed, deciding.length)}
      {oldest === null ? (
        ` · ${t.neverChecked}`
      ) : (
        <>
          {' '}
          · {t.fromWhere([...new Set(deciding.map(({ vantage }) => vantage))])} ·{' '}
          <Time at={oldest} now={now} />
        </>
      )}
    </>
  );
}

/** The age of a claim is the age of its oldest check; `null` while one of them has not run. */
function oldestRun({ checks }: ClaimView): string | null {
  const times = checks.map(({ ranAt }) => ranAt).filter((ranAt) => ranAt !== null);
  return times.length < checks.length ? null : (times.toSorted()[0] ?? null);
}
