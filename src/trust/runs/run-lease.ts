import { runLease } from '../../canary-addresses.ts';
import { addMs, type Clock } from '../../clock.ts';
import type { Store } from '../../store/port.ts';
import { newCanaryDomain } from '../probe/canary-domain.ts';

/** Milliseconds until the lease of a process that stopped responding expires. */
const leaseFor = 20_000;
const prolongEvery = 5_000;
const lookEvery = 1_000;

/** The lock that lets one process at a time run the checks. */
export interface RunLease {
  /**
   * Calls `work` if no other process holds the lease, and returns whether it did. `signal` aborts if the lease is lost.
   * `domain` is the domain of the run’s canary accounts. It is also the holder of the lease, so that canary accounts
   * are recognised exactly while the run lasts.
   */
  runExclusive(work: (signal: AbortSignal, domain: string) => Promise<void>): Promise<boolean>;
  /** Whether any process holds the lease. */
  isTaken(): Promise<boolean>;
}

export function makeRunLease({ store, clock }: { store: Store; clock: Clock }): RunLease {
  let looked = { at: 0, taken: false };
  const take = (holder: string) => {
    const now = clock.now();
    return store.takeLease(runLease, holder, addMs(now, leaseFor), now);
  };
  return {
    async runExclusive(work) {
      const holder = newCanaryDomain();
      if (!(await take(holder))) return false;
      const lost = new AbortController();
      // An unavailable store takes the lease from no process. The next successful renewal shows whether it was lost.
      const prolong = () =>
        take(holder).then(
          (mine) => mine || lost.abort(),
          () => {},
        );
      const timer = setInterval(() => void prolong(), prolongEvery).unref();
      try {
        await work(lost.signal, holder);
        return true;
      } finally {
        clearInterval(timer);
        await store.dropLease(runLease, holder);
      }
    },
    async isTaken() {
      if (Date.now() - looked.at < lookEvery) return looked.taken;
      looked = { at: Date.now(), taken: (await store.leaseHolder(runLease, clock.now())) !== null };
      return looked.taken;
    },
  };
}
