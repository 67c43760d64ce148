import type { EventAction } from '../api/events.ts';
import type { Clock } from '../clock.ts';
import { newId } from '../crypto/token.ts';
import type { Limiter } from '../ratelimit/limiter.ts';
import type { SecurityEvent } from '../records.ts';
import { describeDevice } from './device.ts';
import { eventLimits, type LimitedAction, type UnlimitedAction } from './event-limits.ts';

interface Happening<Action extends EventAction> {
  action: Action;
  accountId: string;
  /** `null`: nobody was signed in. */
  actorId: string | null;
  target?: string;
  client: { address: string; userAgent: string };
}

/** The entry for something that is about to be done; the store keeps both or neither. */
export function securityEvent(
  { clock }: { clock: Clock },
  happening: Happening<UnlimitedAction>,
): SecurityEvent {
  return entryOf(clock, happening);
}

/** The same for what somebody could do over and over: counted by who does it. @throws Problem `rate-limited` */
export async function limitedEvent(
  { clock, limiter }: { clock: Clock; limiter: Limiter },
  happening: Happening<LimitedAction>,
): Promise<SecurityEvent> {
  await limiter.take(eventLimits[happening.action], {
    who: happening.actorId ?? happening.accountId,
  });
  return entryOf(clock, happening);
}

function entryOf(
  clock: Clock,
  { action, accountId, actorId, target, client }: Happening<EventAction>,
): SecurityEvent {
  return {
    id: newId(),
    at: clock.now(),
    action,
    accountId,
    actorId,
    target: target ?? null,
    address: client.address,
    device: describeDevice(client.userAgent),
  };
}
