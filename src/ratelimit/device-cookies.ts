import type { Clock } from '../clock.ts';
import { hashToken } from '../crypto/token.ts';
import type { DeviceCookie } from '../records.ts';
import type { Store } from '../store/port.ts';

/** The device cookies of a request, and when it was received. */
export interface Presented {
  deviceCookies: readonly string[];
  receivedAt: Date;
}

/** A browser’s device cookies, classified for one account. */
export interface ClassifiedDeviceCookies {
  /** Those of a browser that signed in to the account before. */
  known: DeviceCookie[];
  /** Those that were replaced before this request was made. A browser that presents one may have a copied cookie. */
  outdated: DeviceCookie[];
}

/**
 * Classifies the device cookies. Concurrent requests of one browser present the same cookie, which the first of them
 * replaces: it stays valid for all of them.
 */
export async function classifyDeviceCookies(
  { store, clock }: { store: Store; clock: Clock },
  accountId: string,
  { deviceCookies, receivedAt }: Presented,
): Promise<ClassifiedDeviceCookies> {
  if (deviceCookies.length === 0) return { known: [], outdated: [] };
  const found = await store.deviceCookies({
    hashes: deviceCookies.map(hashToken),
    accountId,
    now: clock.now(),
  });
  const isKnown = ({ replacedAt }: DeviceCookie) => replacedAt === null || receivedAt < replacedAt;
  return { known: found.filter(isKnown), outdated: found.filter((cookie) => !isKnown(cookie)) };
}
