import { Problem } from '../problems.ts';

/** Hashes at once; more would take the processor from everything else. */
const atOnce = 2;
/** Those who may wait. Whoever comes after is told to come back, so that nobody waits longer than about four seconds. */
const waitingRoom = 32;

/** Runs expensive work beside the event loop, a few at a time. ASVS 2.4.1. */
export interface HashQueue {
  /** @throws Problem `unavailable` when too many are waiting */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

export function makeHashQueue(): HashQueue {
  const waiting: (() => void)[] = [];
  let running = 0;

  const leave = () => {
    running -= 1;
    waiting.shift()?.();
  };

  return {
    async run(work) {
      if (running >= atOnce) {
        if (waiting.length >= waitingRoom) throw new Problem('unavailable', { retryAfter: 3, cause: 'the hash queue is full' });
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      running += 1;
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
