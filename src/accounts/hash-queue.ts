import { Problem } from '../problems.ts';

/** Hashes at once; more would take the processor from everything else. */
const atOnce = 2;
/** Those who may wait. Whoever comes after is told to come back. */
const waitingRoom = 32;
/** Milliseconds that anybody waits, however slow the machine is just now. */
const timeoutMs = 5_000;

/** Runs expensive work beside the event loop, a few at a time. ASVS 2.4.1. */
export interface HashQueue {
  /** @throws Problem `unavailable` when too many are waiting, or after waiting too long */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  /**
   * For what asks the store before it hashes: whoever would find no place afterwards is sent away before, so that a flood
   * does not reach the store either. @throws Problem `unavailable`
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
