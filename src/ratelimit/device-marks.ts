import type { Clock } from '../clock.ts';
import { hashToken } from '../crypto/token.ts';
import type { DeviceMark } from '../records.ts';
import type { Store } from '../store/port.ts';

/** The device marks of a request, and when it was received. */
export interface Presented {
  deviceMarks: readonly string[];
  receivedAt: Date;
}

/** A browser’s device marks, classified for one account. */
export interface MarksOf {
  /** Marks of a browser that signed in to the account before. */
  known: DeviceMark[];
  /** Marks that were replaced before this request was made. A browser that presents one may have a copied cookie. */
  outdated: DeviceMark[];
}

/**
 * Classifies the device marks. Concurrent requests of one browser present the same mark, which the first of them
 * replaces: it stays valid for all of them.
 */
export async function marksOf(
  { store, clock }: { store: Store; clock: Clock },
  accountId: string,
  { deviceMarks, receivedAt }: Presented,
): Promise<MarksOf> {
  if (deviceMarks.length === 0) return { known: [], outdated: [] };
  const found = await store.deviceMarks({
    hashes: deviceMarks.map(hashToken),
    accountId,
    now: clock.now(),
  });
  const isKnown = ({ replacedAt }: DeviceMark) => replacedAt === null || receivedAt < replacedAt;
  return { known: found.filter(isKnown), outdated: found.filter((mark) => !isKnown(mark)) };
}
