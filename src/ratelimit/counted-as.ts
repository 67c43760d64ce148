import { hashToken } from '../crypto/token.ts';
import type { Store } from '../store/port.ts';

interface Asking {
  email: string;
  /** `null`: the address has none. */
  accountId: string | null;
  /** What the browser presents as its mark. */
  deviceToken: string | null;
}

/** A browser that signed in to this account before has counts of its own, so that strangers cannot use up its owner's. */
export async function countedAs({ store }: { store: Store }, { email, accountId, deviceToken }: Asking): Promise<string> {
  if (deviceToken === null) return email;
  const isKnown = await store.knowsDevice(hashToken(deviceToken), accountId ?? '');
  return isKnown ? `${email}\u0000${deviceToken}` : email;
}
