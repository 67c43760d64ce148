import { addMs, minute } from '../clock.ts';
import { newId } from '../crypto/token.ts';
import { Problem } from '../problems.ts';
import type { Services } from '../services.ts';

/** Milliseconds until the lease expires if its process has crashed or its reader has stalled. */
const leaseFor = minute;
/**
 * Maximum duration of an export in milliseconds. It bounds how long a session that is revoked during the export can
 * still read.
 */
const maxDuration = 10 * minute;
/** Seconds until a client should retry. */
const retryAfter = 5;

/** A lease that allows one export of an account at a time, across all processes. */
export interface ExportLease {
  /** @throws Error when another export took the lease, or this one exceeds its maximum duration */
  prolong(): Promise<void>;
  release(): Promise<void>;
}

/** @throws Problem `rate-limited` while another export of the account is in progress */
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
      detail: 'Another export of this account is in progress. Wait until it is complete.',
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
    // If the store is unavailable, the lease expires by itself.
    release: () => store.dropLease(name, holder).catch(() => {}),
  };
}
