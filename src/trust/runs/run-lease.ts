import { runLease } from '../../canary-addresses.ts';
import { addMs, type Clock } from '../../clock.ts';
import type { Store } from '../../store/port.ts';
import { newCanaryDomain } from '../probe/canary-domain.ts';

/** Milliseconds that a process which vanished keeps the others waiting. */
const leaseFor = 20_000;
const prolongEvery = 5_000;
const lookEvery = 1_000;

/** The right to run checks: one holder at a time, over all processes. */
export interface RunLease {
  /**
   * Works if nobody else does, and answers whether it did; `signal` says that the turn was lost meanwhile. `domain` is for the canaries
   * of this run: the lease is held in its name, so that they are known as such just as long as the run lasts.
   */
  runExclusive(work: (signal: AbortSignal, domain: string) => Promise<void>): Promise<boolean>;
  /** Whether any process has it. */
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
      // A store that is away for a moment takes nothing from anybody: the lease says who lost it.
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
