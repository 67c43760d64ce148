import { Problem } from '../problems.ts';

/** Hashes computed concurrently. More would starve the rest of the server of CPU time. */
const atOnce = 2;
/** Maximum number of waiting callers. Any further caller is told to retry. */
const waitingRoom = 32;
/** Maximum waiting time in milliseconds. */
const timeoutMs = 5_000;
/**
 * A network with fewer admitted callers than this is admitted until twice the capacity is in use, so that other
 * networks cannot keep it out.
 */
const assured = 4;

/**
 * Bounds how much expensive work runs and waits at a time. Networks share the queue: the next caller to run is one of
 * the network with the fewest running. In a full queue, a caller whose network has at least two fewer waiting than the
 * busiest network takes the place of that network’s last caller, who is rejected. ASVS 2.4.1.
 */
export interface HashQueue {
  /** @throws Problem `unavailable` when too many callers are waiting, or this one has waited too long */
  run<Result>(network: string, work: () => Promise<Result>): Promise<Result>;
  /**
   * For work that reads the store before it hashes: rejects the caller up front if as many are admitted as can run and
   * wait, so that a flood of requests does not reach the store either.
   * @throws Problem `unavailable`
   */
  admit<Result>(network: string, work: () => Promise<Result>): Promise<Result>;
}

interface Waiting {
  network: string;
  enter(): void;
  refuse(): void;
}

export function makeHashQueue(): HashQueue {
  const waiting: Waiting[] = [];
  const running: string[] = [];
  const admitted: string[] = [];

  const place = (network: string) =>
    new Promise<void>((resolve, reject) => {
      const one = {
        network,
        enter() {
          clearTimeout(late);
          resolve();
        },
        refuse() {
          clearTimeout(late);
          remove(waiting, one);
          reject(isFull());
        },
      };
      const late = setTimeout(() => one.refuse(), timeoutMs);
      waiting.push(one);
    });
  const makeRoom = (network: string) => {
    const counts = countsOf(waiting.map((one) => one.network));
    const most = waiting.findLast(
      (one) => counts.get(one.network) === Math.max(...counts.values()),
    );
    if (!most || (counts.get(most.network) ?? 0) <= (counts.get(network) ?? 0) + 1) throw isFull();
    most.refuse();
  };
  const enterNext = () => {
    const counts = countsOf(running);
    const [next] = waiting.toSorted(
      (one, other) => (counts.get(one.network) ?? 0) - (counts.get(other.network) ?? 0),
    );
    if (!next) return;
    remove(waiting, next);
    next.enter();
  };

  return {
    async run(network, work) {
      if (running.length >= atOnce) {
        if (waiting.length >= waitingRoom) makeRoom(network);
        await place(network);
      }
      running.push(network);
      try {
        return await work();
      } finally {
        remove(running, network);
        enterNext();
      }
    },
    async admit(network, work) {
      const holds = countsOf(admitted).get(network) ?? 0;
      const most = (atOnce + waitingRoom) * (holds < assured ? 2 : 1);
      if (admitted.length >= most) throw isFull();
      admitted.push(network);
      try {
        return await work();
      } finally {
        remove(admitted, network);
      }
    },
  };
}

function countsOf(networks: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const network of networks) counts.set(network, (counts.get(network) ?? 0) + 1);
  return counts;
}

function remove<Item>(items: Item[], item: Item): void {
  const at = items.indexOf(item);
  if (at >= 0) items.splice(at, 1);
}

function isFull(): Problem {
  return new Problem('unavailable', { retryAfter: 3, cause: 'the hash queue is full' });
}
