import { addMs } from '../clock.ts';
import { newId } from '../crypto/token.ts';
import { Problem } from '../problems.ts';
import type { Services } from '../services.ts';

/** Milliseconds after which the lease of a process that vanished, or of a reader who takes nothing, is anybody's. */
const leaseFor = 60_000;
/** Milliseconds that an export may take in all: so long a session that was revoked meanwhile can still be read from. */
const maxDuration = 10 * 60_000;
/** Seconds after which asking again is worth it. */
const retryAfter = 5;

/** The right to the one export of an account, over all processes. */
export interface ExportLease {
  /** @throws Error when it was lost to another export, or this one takes too long. */
  prolong(): Promise<void>;
  release(): Promise<void>;
}

/** @throws Problem `rate-limited` while another export of the account is under way */
export async function leaseExport(
  { store, clock }: Pick<Services, 'store' | 'clock'>,
  accountId: string,
): Promise<ExportLease> {
  const name = `account-export:${accountId}`;
  const holder = newId();
  const endsAt = addMs(clock.now(), maxDuration);
  let prolongAt = clock.now();
  const take = () => {
    const now = clock.now();
    prolongAt = addMs(now, leaseFor / 4);
    return store.takeLease(name, holder, addMs(now, leaseFor), now);
  };
  if (!(await take())) {
    throw new Problem('rate-limited', {
      retryAfter,
      detail: 'Another export of this account is under way. Wait until it is complete.',
      cause: { lease: name },
    });
  }
  return {
    async prolong() {
      const now = clock.now();
      if (now > endsAt) throw new Error('An export took too long.');
      if (now > prolongAt && !(await take()))
        throw new Error('An export was read so slowly that another one began.');
    },
    // Where the store is away by now, the lease expires.
    release: () => store.dropLease(name, holder).catch(() => {}),
  };
}
