import { newId } from '../src/crypto/token.ts';
import type { SecurityEvent } from '../src/records.ts';
import type { Store } from '../src/store/port.ts';

const atOnce = 50;

/** Gives an account this many events, one a second until this time. */
export async function recordActivity(
  store: Pick<Store, 'recordEvent'>,
  accountId: string,
  count: number,
  until: Date,
): Promise<void> {
  for (let done = 0; done < count; done += atOnce) {
    const part = Array.from({ length: Math.min(atOnce, count - done) }, (_, at) =>
      eventOf(accountId, new Date(until.getTime() - (done + at) * 1_000)),
    );
    await Promise.all(part.map((event) => store.recordEvent(event)));
  }
}

function eventOf(accountId: string, at: Date): SecurityEvent {
  return {
    id: newId(),
    at,
    action: 'session.confirmed',
    accountId,
    actorId: accountId,
    target: null,
    address: '203.0.113.7',
    device: 'Chrome on Linux',
  };
}
