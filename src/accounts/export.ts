import type { AccountExport } from '../api/accounts.ts';
import type { SecurityEvent } from '../records.ts';
import type { Services, Principal } from '../services.ts';
import { sessionItems } from '../sessions/list-sessions.ts';
import { userView } from '../sessions/views.ts';
import { factorRecoveryView } from '../two-factor/views.ts';
import { activityView } from './activity.ts';
import { leaseExport, type ExportLease } from './export-lease.ts';

/** Events read and sent at a time. An export holds no more than these in memory. */
const pageSize = 200;
/** Closes the list of events, which is the last member, and the JSON document. */
const end = ']}';

type Dependencies = Pick<Services, 'store' | 'clock' | 'limiter'>;

/**
 * Streams all data stored about the user, except secrets, as JSON. Reads from the store in pieces, only as fast as the
 * client reads. One export per account at a time. GDPR art. 15 and 20; ASVS 14.2.7, 2.4.1.
 * @throws Problem `rate-limited`
 */
export async function accountExport(
  deps: Dependencies,
  principal: Principal,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  await deps.limiter.consume('exports', { key: principal.account.id });
  const lease = await leaseExport(deps, principal.account.id);
  return streamOf(pieces(deps, principal, lease), () => lease.release());
}

async function* pieces(
  deps: Dependencies,
  principal: Principal,
  lease: ExportLease,
): AsyncGenerator<string, void> {
  yield JSON.stringify(await withoutActivity(deps, principal)).slice(0, -end.length);
  let before: string | null = null;
  do {
    await lease.prolong();
    const page: SecurityEvent[] = await deps.store.listEvents({
      accountId: principal.account.id,
      before,
      limit: pageSize,
    });
    const items = page.map((event) => JSON.stringify(activityView(event))).join();
    if (items !== '') yield before === null ? items : `,${items}`;
    before = page.length < pageSize ? null : (page.at(-1)?.id ?? null);
  } while (before !== null);
  yield end;
}

async function withoutActivity(
  { store, clock }: Dependencies,
  principal: Principal,
): Promise<AccountExport> {
  const { account } = principal;
  const { factors, recoveryCodesLeft } = await store.factorsOf(account.id);
  const recovery = await store.findFactorRecovery(account.id);
  const connected = await store.listIdentities(account.id);
  return {
    exportedAt: clock.now().toISOString(),
    user: {
      ...userView(account),
      createdAt: account.createdAt.toISOString(),
      hasPassword: account.passwordHash !== null,
    },
    sessions: await sessionItems({ store, clock }, principal),
    secondFactors: factors.map(({ type, name, createdAt, lastUsedAt }) => ({
      type,
      name,
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt?.toISOString() ?? null,
    })),
    recoveryCodesLeft,
    secondFactorRecovery: recovery && factorRecoveryView(recovery),
    signInProviders: connected.map(({ provider, issuer, subject, email, connectedAt }) => ({
      provider,
      issuer,
      subject,
      email,
      connectedAt: connectedAt.toISOString(),
    })),
    activity: [],
  };
}

/** Calls `release` once the stream has been read to its end, has failed or was cancelled. */
function streamOf(
  pieces: AsyncGenerator<string, void>,
  release: () => Promise<void>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          const { done, value } = await pieces.next();
          if (!done) return controller.enqueue(encoder.encode(value));
          await release();
          controller.close();
        } catch (error) {
          await release();
          throw error;
        }
      },
      cancel: release,
    },
    // Read nothing before the client asks for it.
    { highWaterMark: 0 },
  );
}
