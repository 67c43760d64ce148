import type { z } from 'zod/mini';
import { actionsOf, summaryOf } from '../api/events.ts';
import type { RecordItem } from '../api/operators.ts';
import type { listQuery } from '../api/paging.ts';
import { pageBy } from '../http/paging.ts';
import type { Account, SecurityEvent } from '../records.ts';
import type { Services } from '../services.ts';

/** Returns a page of the deployment audit log, newest first, with the current names of the accounts. */
export async function operatorRecord(
  { store }: Pick<Services, 'store'>,
  query: z.infer<typeof listQuery>,
) {
  const page = await pageBy(
    query,
    (place) => store.listActions({ actions: actionsOf('operator'), ...place }),
    ({ id }) => id,
  );
  const ids = new Set(
    page.items.flatMap(({ accountId, actorId }) => [
      accountId,
      ...(actorId === null ? [] : [actorId]),
    ]),
  );
  const accounts = new Map<string, Account | null>();
  for (const id of ids) accounts.set(id, await store.findAccount(id));
  return { ...page, items: page.items.map((event) => recordView(event, accounts)) };
}

function recordView(
  { id, at, action, accountId, actorId, target }: SecurityEvent,
  accounts: ReadonlyMap<string, Account | null>,
): RecordItem {
  const person = (of: string) => ({
    id: of,
    email: accounts.get(of)?.email ?? null,
    name: accounts.get(of)?.name ?? null,
  });
  return {
    id,
    at: at.toISOString(),
    action,
    summary: summaryOf(action),
    actor: actorId === null ? null : person(actorId),
    account: accountId === actorId ? null : person(accountId),
    target,
  };
}
