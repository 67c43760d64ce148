import { setTimeout as sleep } from 'node:timers/promises';
import { once } from '../once.ts';
import type { Trust } from '../services.ts';

/** Milliseconds after the start, so that a process started by a request answers it first. */
const startsAfter = 300;

/** Loads the trust half on first use, so that requests do not wait for the checks to load. */
export function deferTrust(load: () => Promise<Trust>): Trust {
  let loading: Promise<Trust> | null = null;
  let present: Trust | null = null;
  const stopping = new AbortController();
  const trust = once(async () => (present = await (loading = load())));
  return {
    intro: async () => (await trust()).intro(),
    current: async () => (await trust()).current(),
    isRunning: async () => (await trust()).isRunning(),
    steps: () => present?.steps() ?? [],
    run: async (trigger) => (await trust()).run(trigger),
    request: async (trigger) => (await trust()).request(trigger),
    async start() {
      await sleep(startsAfter, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
      if (!stopping.signal.aborted) await (await trust()).start();
    },
    async stop() {
      stopping.abort();
      await (await loading?.catch(() => null))?.stop();
    },
  };
}
