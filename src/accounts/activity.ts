import type { z } from 'zod/mini';
import { summaryOf } from '../audit/events.ts';
import { pageBy, type listQuery } from '../http/paging.ts';
import type { Services, Signed } from '../services.ts';
import type { SecurityEvent } from '../store/port.ts';
import type { activityItem } from './shapes.ts';

/** A person's own security events, newest first. */
export async function activity({ store }: Pick<Services, 'store'>, { account }: Signed, query: z.infer<typeof listQuery>) {
  const page = await pageBy(query, (place) => store.listEvents({ accountId: account.id, ...place }), ({ id }) => id);
  return { ...page, items: page.items.map(activityView) };
}

/** Where somebody else sat who did it is not the owner's to know. */
export function activityView({ id, at, action, accountId, actorId, target, address, device }: SecurityEvent): z.infer<typeof activityItem> {
  const isForeign = actorId !== null && actorId !== accountId;
  const actor = actorId === null ? null : { id: actorId };
  const where = isForeign ? { address: '', device: '' } : { address, device };
  return { id, at: at.toISOString(), action, summary: summaryOf(action), actor, target: isForeign ? null : target, ...where };
}
