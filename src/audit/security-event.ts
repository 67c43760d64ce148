import type { Clock } from '../clock.ts';
import { newId } from '../crypto/token.ts';
import type { SecurityEvent } from '../store/port.ts';
import { describeDevice } from './device.ts';
import type { EventAction } from './events.ts';

interface Happening {
  action: EventAction;
  accountId: string;
  /** `null`: nobody was signed in. */
  actorId: string | null;
  target?: string;
  client: { address: string; userAgent: string };
}

/** The entry for something that is about to be done; the store keeps both or neither. */
export function securityEvent({ clock }: { clock: Clock }, { action, accountId, actorId, target, client }: Happening): SecurityEvent {
  return { id: newId(), at: clock.now(), action, accountId, actorId, target: target ?? null, address: client.address, device: describeDevice(client.userAgent) };
}
