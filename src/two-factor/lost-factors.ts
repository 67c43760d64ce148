import { noticeOf } from '../audit/notice.ts';
import { securityEvent } from '../audit/security-event.ts';
import { later } from '../clock.ts';
import type { Client } from '../http/endpoint.ts';
import { factorsToGo } from '../mail/messages.ts';
import { Problem } from '../problems.ts';
import type { Services, Signed } from '../services.ts';
import type { FactorRecovery } from '../store/port.ts';
import { pendingSignIn } from './finish-sign-in.ts';

const hour = 60 * 60_000;

/** Milliseconds from when it is asked for: docs/decisions/011. It closes with the link by which the owner stops it. */
const opensAfter = 72 * hour;
const closesAfter = 7 * 24 * hour;

/**
 * For somebody half signed in who lost every factor: the wait begins and the owner is told. One that waits already stays as it is.
 * Nothing opens by it before its time, whoever asks and however often. ASVS 6.3.7, 6.4.4.
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

  await limiter.take('lost-factors', { who: account.id });
  const opensAt = later(now, opensAfter);
  const recovery: FactorRecovery = { accountId: account.id, opensAt, closesAt: later(now, closesAfter), usedAt: null };
  const event = securityEvent(deps, { action: 'factor.recovery-begun', accountId: account.id, actorId: null, client });
  const notice = noticeOf(deps, { event, to: account.email, message: factorsToGo(opensAt) });
  const begun = await store.openFactorRecovery({ recovery, challengeId: challenge, notice, now });
  if (!begun) throw new Problem('challenge-over');
  mailer.wake();
  return begun;
}

/** Whoever is signed in wants nothing of it. @throws Problem `not-found` when none waits */
export async function stopFactorRecovery({ store, clock }: Pick<Services, 'store' | 'clock'>, { account }: Signed, client: Client): Promise<void> {
  const event = securityEvent({ clock }, { action: 'factor.recovery-stopped', accountId: account.id, actorId: account.id, client });
  if (!(await store.stopFactorRecovery({ accountId: account.id, event }))) throw new Problem('not-found');
}

/** Neither used nor closed. */
function standsAt({ usedAt, closesAt }: FactorRecovery, now: Date): boolean {
  return usedAt === null && now < closesAt;
}
