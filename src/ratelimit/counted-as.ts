import type { Clock } from '../clock.ts';
import type { Store } from '../store/port.ts';
import { classifyDeviceCookies, type Presented } from './device-cookies.ts';
import type { Subject } from './limiter.ts';

interface Asking {
  email: string;
  /** `null` if the address has no account. */
  accountId: string | null;
  client: Presented;
}

/**
 * Returns the limit subject. A browser that signed in to this account before is counted separately, so that an attacker
 * cannot exhaust the account owner’s limit.
 */
export async function countedAs(
  deps: { store: Store; clock: Clock },
  { email, accountId, client }: Asking,
): Promise<Subject> {
  const {
    known: [deviceCookie],
  } = await classifyDeviceCookies(deps, accountId ?? '', client);
  return deviceCookie === undefined ? { key: email } : { key: email, beside: deviceCookie.hash };
}
