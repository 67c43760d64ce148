import type { LimitItem } from '../api/operators.ts';
import { securityEvent } from '../audit/security-event.ts';
import { isCanary } from '../canary-addresses.ts';
import type { Client } from '../http/client.ts';
import { Problem } from '../problems.ts';
import { readExhaustedLimit } from '../ratelimit/limiter.ts';
import { limits } from '../ratelimit/limits.ts';
import type { Account } from '../records.ts';
import type { Services, Principal } from '../services.ts';
import type { ExhaustedLimit } from '../store/port/limits.ts';

type Dependencies = Pick<Services, 'store' | 'clock' | 'keyring'>;

/** How operators see the subject of each limit. */
const kinds = {
  network: 'network',
  email: 'address',
  challenge: 'address',
  account: 'account',
  session: 'account',
} as const;

interface Found {
  item: LimitItem;
  /** The account that the limit affects, if there is one. */
  account: Account | null;
}

/**
 * Returns the exhausted limits, the one that resets last first. Omits limits of canary accounts and of other versions.
 */
export async function exhaustedLimits(deps: Dependencies): Promise<LimitItem[]> {
  const exhausted = await deps.store.exhaustedLimits(deps.clock.now());
  const found = await Promise.all(exhausted.map((limit) => look(deps, limit)));
  return found.flatMap((each) => (each ? [each.item] : []));
}

async function look(deps: Dependencies, limit: ExhaustedLimit): Promise<Found | null> {
  const { store, keyring } = deps;
  const read = readExhaustedLimit(keyring, limit);
  if (!read) return null;
  const { about } = read;
  const { by } = limits[read.name];
  const kind = kinds[by];
  const account = await {
    network: async () => null,
    address: store.findAccountByEmail,
    account: store.findAccount,
  }[kind](read.key);
  const subject = kind === 'account' ? account?.email : read.key;
  if (
    subject === undefined ||
    (kind !== 'network' && (await isCanary(deps, account ?? { email: subject, operator: false })))
  )
    return null;
  return {
    account,
    item: {
      id: limit.key,
      limit: read.name,
      about,
      by: kind,
      subject,
      until: limit.until.toISOString(),
    },
  };
}

/**
 * Clears a limit. If it affects an account, the account’s activity shows it.
 * @throws Problem `not-found`
 */
export async function clearLimit(
  deps: Dependencies,
  { principal, id, client }: { principal: Principal; id: string; client: Client },
): Promise<void> {
  const limit = (await deps.store.exhaustedLimits(deps.clock.now())).find(({ key }) => key === id);
  const found = limit && (await look(deps, limit));
  if (!found) throw new Problem('not-found');
  const { item, account } = found;
  const event = securityEvent(deps, {
    action: 'operator.limit-cleared',
    accountId: (account ?? principal.account).id,
    actorId: principal.account.id,
    target: `${item.about}: ${item.subject}`,
    client,
  });
  if (!(await deps.store.clearLimit({ key: id, event }))) throw new Problem('not-found');
}
