import type { z } from 'zod/mini';
import type { activityItem, activityQuery } from '../api/accounts.ts';
import { actionsOf, summaryOf } from '../api/events.ts';
import { day } from '../clock.ts';
import { pageBy } from '../http/paging.ts';
import type { SecurityEvent } from '../records.ts';
import type { Services, Principal } from '../services.ts';

/** Returns one page of the user’s own security events, newest first. */
export async function activity(
  { store, clock }: Pick<Services, 'store' | 'clock'>,
  { account }: Principal,
  { kind, days, ...place }: z.infer<typeof activityQuery>,
) {
  const which = {
    accountId: account.id,
    ...(kind && { actions: actionsOf(kind) }),
    ...(days && { since: new Date(clock.now().getTime() - Number(days) * day) }),
  };
  const page = await pageBy(
    place,
    (piece) => store.listEvents({ ...which, ...piece }),
    ({ id }) => id,
  );
  return { ...page, items: page.items.map(activityView) };
}

/** Omits the address and device of actors other than the account owner. */
export function activityView({
  id,
  at,
  action,
  accountId,
  actorId,
  target,
  address,
  device,
}: SecurityEvent): z.infer<typeof activityItem> {
  const isForeign = actorId !== null && actorId !== accountId;
  const actor = actorId === null ? null : { id: actorId };
  const where = isForeign ? { address: '', device: '' } : { address, device };
  return {
    id,
    at: at.toISOString(),
    action,
    summary: summaryOf(action),
    actor,
    target: isForeign ? null : target,
    ...where,
  };
}
