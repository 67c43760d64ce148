import type { Clock } from '../clock.ts';
import { hashToken } from '../crypto/token.ts';
import type { DeviceMark } from '../records.ts';
import type { Store } from '../store/port.ts';

/** What a browser presents, and when. */
export interface Presented {
  deviceMarks: readonly string[];
  receivedAt: Date;
}

/** The marks of a browser, by what they are to one account. */
export interface MarksOf {
  /** They mark a browser that signed in to it before. */
  known: DeviceMark[];
  /** They did, and were replaced before this request was made: whoever presents one may have copied it. */
  outdated: DeviceMark[];
}

/** Requests of one browser that are under way at once present one mark, which the first of them replaces: it is good for all of them. */
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
