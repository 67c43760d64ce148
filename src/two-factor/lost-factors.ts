import { factorRecoveryClosesAfterDays, factorRecoveryHours } from '../api/durations.ts';
import { noticeOf } from '../audit/notice.ts';
import { securityEvent } from '../audit/security-event.ts';
import { addMs, day, hour } from '../clock.ts';
import type { Client } from '../http/client.ts';
import { factorsToGo } from '../mail/factor-notices.ts';
import { Problem } from '../problems.ts';
import type { FactorRecovery } from '../records/two-factor.ts';
import type { Services, Principal } from '../services.ts';
import { stoppedRecovery } from '../sessions/stopped-recovery.ts';
import { pendingSignIn } from './finish-sign-in.ts';

/** Milliseconds from the request: docs/decisions/011. The recovery closes when the link for stopping it expires. */
const opensAfter = factorRecoveryHours * hour;
const closesAfter = factorRecoveryClosesAfterDays * day;

/**
 * Starts the recovery for a user who passed the first proof and lost every factor. The waiting period begins and the
 * account owner is notified. A recovery that is already in progress is returned unchanged. ASVS 6.3.7, 6.4.4.
 * @throws Problem `not-found` · `wrong-purpose` · `challenge-over` · `rate-limited`
 */
export async function startFactorRecovery(
  deps: Pick<Services, 'store' | 'clock' | 'config' | 'limiter' | 'mailer'>,
  { challenge, client }: { challenge: string; client: Client },
): Promise<FactorRecovery> {
  const { store, clock, limiter, mailer } = deps;
  const { account } = await pendingSignIn(deps, challenge);
  const now = clock.now();
  const waiting = await store.findFactorRecovery(account.id);
  if (waiting && standsAt(waiting, now)) return waiting;

  await limiter.consume('lost-factors', { key: account.id });
  const opensAt = addMs(now, opensAfter);
  const recovery: FactorRecovery = {
    accountId: account.id,
    opensAt,
    closesAt: addMs(now, closesAfter),
    usedAt: null,
    stoppedAt: null,
  };
  const event = securityEvent(deps, {
    action: 'factor.recovery-begun',
    accountId: account.id,
    actorId: null,
    client,
  });
  const notice = noticeOf(deps, { event, to: account.email, message: factorsToGo(opensAt) });
  const begun = await store.openFactorRecovery({ recovery, challengeId: challenge, notice, now });
  if (!begun) throw new Problem('challenge-over');
  mailer.wake();
  return begun;
}

/**
 * Stops a recovery that the account owner did not start. Using a factor to re-authenticate for this may already have
 * stopped it; that is not an error.
 * @throws Problem `not-found` when there is no recovery to stop
 */
export async function stopFactorRecovery(
  deps: Pick<Services, 'store' | 'clock' | 'config' | 'mailer'>,
  { account }: Principal,
  client: Client,
): Promise<void> {
  if (!(await deps.store.stopFactorRecovery(stoppedRecovery(deps, account, client))))
    throw new Problem('not-found');
  deps.mailer.wake();
}

/** Whether the recovery is neither used, stopped nor closed. */
function standsAt({ usedAt, stoppedAt, closesAt }: FactorRecovery, now: Date): boolean {
  return usedAt === null && stoppedAt === null && now < closesAt;
}
