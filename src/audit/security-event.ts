import type { EventAction } from '../api/events.ts';
import type { Clock } from '../clock.ts';
import { newOrderedId } from '../crypto/token.ts';
import type { Limiter } from '../ratelimit/limiter.ts';
import type { SecurityEvent, UnassignedEvent } from '../records.ts';
import { describeDevice } from './device.ts';
import { eventLimits, type LimitedAction, type UnlimitedAction } from './event-limits.ts';

interface UnassignedHappening<Action extends EventAction> {
  action: Action;
  /** `null` if the actor was not signed in. */
  actorId: string | null;
  target?: string;
  client: { address: string; userAgent: string };
}
interface Happening<Action extends EventAction> extends UnassignedHappening<Action> {
  accountId: string;
}

/** Creates the event for an action that is about to happen. The store commits both or neither. */
export function securityEvent(
  { clock }: { clock: Clock },
  happening: Happening<UnlimitedAction>,
): SecurityEvent {
  return { ...unassigned(clock, happening), accountId: happening.accountId };
}

/** Creates an event for an action on the account of a link. Only the store knows which account that is. */
export function unassignedEvent(
  { clock }: { clock: Clock },
  happening: UnassignedHappening<UnlimitedAction>,
): UnassignedEvent {
  return unassigned(clock, happening);
}

/**
 * Creates an event for an action that a user could repeat indefinitely, and counts it against the actor’s limit.
 * @throws Problem `rate-limited`
 */
export async function limitedEvent(
  { clock, limiter }: { clock: Clock; limiter: Limiter },
  happening: Happening<LimitedAction>,
): Promise<SecurityEvent> {
  await limiter.consume(eventLimits[happening.action], {
    key: happening.actorId ?? happening.accountId,
  });
  return { ...unassigned(clock, happening), accountId: happening.accountId };
}

function unassigned(
  clock: Clock,
  { action, actorId, target, client }: UnassignedHappening<EventAction>,
): UnassignedEvent {
  return {
    id: newOrderedId(),
    at: clock.now(),
    action,
    actorId,
    target: target ?? null,
    address: client.address,
    device: describeDevice(client.userAgent),
  };
}
