import { Problem } from '../problems.ts';

/** Hashes computed concurrently. More would starve the rest of the server of CPU time. */
const atOnce = 2;
/** Maximum number of waiting callers. Any further caller is told to retry. */
const waitingRoom = 32;
/** Maximum waiting time in milliseconds. */
const timeoutMs = 5_000;

/** Runs expensive work off the event loop, a few tasks at a time. ASVS 2.4.1. */
export interface HashQueue {
  /** @throws Problem `unavailable` when too many callers are waiting, or this one has waited too long */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  /**
   * For work that reads the store before it hashes: rejects the caller up front if the queue is full, so that a flood
   * of requests does not reach the store either.
   * @throws Problem `unavailable`
   */
  admit<Result>(work: () => Promise<Result>): Promise<Result>;
}

export function makeHashQueue(): HashQueue {
  const waiting: (() => void)[] = [];
  let running = 0;
  let admitted = 0;

  const place = () =>
    new Promise<void>((resolve, reject) => {
      const enter = () => {
        clearTimeout(late);
        resolve();
      };
      const late = setTimeout(() => {
        waiting.splice(waiting.indexOf(enter), 1);
        reject(isFull());
      }, timeoutMs);
      waiting.push(enter);
    });

  return {
    async run(work) {
      if (running >= atOnce) {
        if (waiting.length >= waitingRoom) throw isFull();
        await place();
      }
      running += 1;
      try {
        return await work();
      } finally {
        running -= 1;
        waiting.shift()?.();
      }
    },
    async admit(work) {
      if (admitted >= atOnce + waitingRoom) throw isFull();
      admitted += 1;
      try {
        return await work();
      } finally {
        admitted -= 1;
      }
    },
  };
}

function isFull(): Problem {
  return new Problem('unavailable', { retryAfter: 3, cause: 'the hash queue is full' });
}
