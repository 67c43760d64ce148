import type { Clock } from '../clock.ts';
import type { Store } from '../store/port.ts';
import { marksOf, type Presented } from './device-marks.ts';
import type { Subject } from './limiter.ts';

interface Asking {
  email: string;
  /** `null`: the address has none. */
  accountId: string | null;
  client: Presented;
}

/** A browser that signed in to this account before has counts of its own, so that strangers cannot use up its owner's. */
export async function countedAs(
  deps: { store: Store; clock: Clock },
  { email, accountId, client }: Asking,
): Promise<Subject> {
  const {
    known: [mark],
  } = await marksOf(deps, accountId ?? '', client);
  return mark === undefined ? { who: email } : { who: email, beside: mark.hash };
}
