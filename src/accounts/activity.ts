import type { z } from 'zod/mini';
import { events, type EventAction } from '../audit/events.ts';
import type { Services, Signed } from '../services.ts';
import type { SecurityEvent } from '../store/port.ts';
import type { activityItem } from './shapes.ts';

const mostItems = 100;

/** A person's own security events, newest first. */
export async function activity(
  { store }: Pick<Services, 'store'>,
  { account }: Signed,
  { after, limit }: { after?: string | undefined; limit?: string | undefined },
) {
  const wanted = Math.min(Number(limit ?? mostItems), mostItems);
  const found = await store.listEvents({ accountId: account.id, before: after ?? null, limit: wanted + 1 });
  const page = found.slice(0, wanted);
  const last = page.at(-1);
  return { items: page.map(activityView), ...(last && found.length > wanted ? { next: last.id } : {}) };
}

function activityView({ id, at, action, actorId, target, address, device }: SecurityEvent): z.infer<typeof activityItem> {
  return { id, at: at.toISOString(), action, summary: isKnown(action) ? events[action] : action, actor: actorId === null ? null : { id: actorId }, target, address, device };
}

function isKnown(action: string): action is EventAction {
  return Object.hasOwn(events, action);
}
