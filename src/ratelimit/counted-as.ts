import type { Clock } from '../clock.ts';
import { hashToken } from '../crypto/token.ts';
import type { Store } from '../store/port.ts';
import type { Subject } from './limiter.ts';

interface Asking {
  email: string;
  /** `null`: the address has none. */
  accountId: string | null;
  /** What the browser presents as its mark. */
  deviceToken: string | null;
}

/** A browser that signed in to this account before has counts of its own, so that strangers cannot use up its owner's. */
export async function countedAs({ store, clock }: { store: Store; clock: Clock }, { email, accountId, deviceToken }: Asking): Promise<Subject> {
  if (deviceToken === null) return { who: email };
  const firstUsedAt = await store.deviceFirstUsed({ device: hashToken(deviceToken), accountId: accountId ?? '', now: clock.now() });
  return firstUsedAt === null ? { who: email } : { who: email, beside: deviceToken };
}
