import { later, type Clock } from '../clock.ts';
import { newId } from '../crypto/token.ts';
import type { Store } from '../store/port.ts';

const name = 'trust-run';
/** Milliseconds that a process which vanished keeps the others waiting. */
const leaseFor = 20_000;
const prolongEvery = 5_000;
const lookEvery = 1_000;

/** The right to run checks: one holder at a time, over all processes. */
export interface Turn {
  /** Works if nobody else does, and answers whether it did; `signal` says that the turn was lost meanwhile. */
  whileMine(work: (signal: AbortSignal) => Promise<void>): Promise<boolean>;
  /** Whether any process has it. */
  isTaken(): Promise<boolean>;
}

export function makeTurn({ store, clock }: { store: Store; clock: Clock }): Turn {
  const holder = newId();
  let looked = { at: 0, taken: false };
  const take = () => {
    const now = clock.now();
    return store.takeLease(name, holder, later(now, leaseFor), now);
  };
  return {
    async whileMine(work) {
      if (!(await take())) return false;
      const lost = new AbortController();
      // A store that is away for a moment takes nothing from anybody: the lease says who lost it.
      const prolong = () => take().then((mine) => mine || lost.abort(), () => {});
      const timer = setInterval(() => void prolong(), prolongEvery).unref();
      try {
        await work(lost.signal);
        return true;
      } finally {
        clearInterval(timer);
        await store.dropLease(name, holder);
      }
    },
    async isTaken() {
      if (Date.now() - looked.at < lookEvery) return looked.taken;
      looked = { at: Date.now(), taken: await store.isLeased(name, clock.now()) };
      return looked.taken;
    },
  };
}
