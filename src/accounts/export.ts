import type { Services, Signed } from '../services.ts';
import { sessionItems } from '../sessions/list-sessions.ts';
import { userView } from '../sessions/views.ts';
import type { SecurityEvent } from '../store/port.ts';
import { factorRecoveryView } from '../two-factor/views.ts';
import { activityView } from './activity.ts';
import type { AccountExport } from './shapes.ts';

const pageSize = 500;

/** What is held on a person, as far as it is not a secret. GDPR art. 15 and 20; ASVS 14.2.7. */
export async function accountExport({ store, clock }: Pick<Services, 'store' | 'clock'>, who: Signed): Promise<AccountExport> {
  const { account } = who;
  const now = clock.now();
  const { factors, recoveryCodesLeft } = await store.factorsOf(account.id);
  const recovery = await store.findFactorRecovery(account.id);
  const joined = await store.listIdentities(account.id);
  return {
    exportedAt: now.toISOString(),
    user: { ...userView(account), createdAt: account.createdAt.toISOString(), hasPassword: account.passwordHash !== null },
    sessions: await sessionItems({ store, clock }, who),
    secondFactors: factors.map(({ type, name, createdAt, lastUsedAt }) => ({
      type,
      name,
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt?.toISOString() ?? null,
    })),
    recoveryCodesLeft,
    secondFactorRecovery: recovery && factorRecoveryView(recovery),
    signInProviders: joined.map(({ provider, subject, email, joinedAt }) => ({ provider, subject, email, joinedAt: joinedAt.toISOString() })),
    activity: (await everyEvent(store, account.id)).map(activityView),
  };
}

async function everyEvent(store: Services['store'], accountId: string): Promise<SecurityEvent[]> {
  const events: SecurityEvent[] = [];
  for (let before: string | null = null; ; before = events.at(-1)?.id ?? null) {
    const page = await store.listEvents({ accountId, before, limit: pageSize });
    events.push(...page);
    if (page.length < pageSize) return events;
  }
}
