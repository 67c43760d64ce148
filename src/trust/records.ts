import { later, type Clock } from '../clock.ts';
import type { Observation, Store, TrustRun } from '../store/port.ts';
import { daysShown } from './view.ts';

const day = 86_400_000;
/** Milliseconds after which all is read again although no run was recorded since, as the clocks of processes differ. */
const patience = 60_000;

export interface Recorded {
  lastRun: TrustRun | null;
  /** Those of the days that are shown, and of every check the newest that says true or false. */
  observations: readonly Observation[];
}

export interface Records {
  read(): Promise<Recorded>;
}

/** A run is recorded whole, so what was read holds until there is another one. No status is kept: only what was seen. */
export function makeRecords({ store, clock }: { store: Store; clock: Clock }): Records {
  let kept: { run: string | undefined; at: number; observations: Promise<Observation[]> } | null = null;
  return {
    async read() {
      const lastRun = await store.lastRun();
      const now = clock.now();
      const isCurrent = kept !== null && kept.run === lastRun?.id && Math.abs(now.getTime() - kept.at) < patience;
      if (!kept || !isCurrent) kept = { run: lastRun?.id, at: now.getTime(), observations: store.observationsSince(later(now, -daysShown * day)) };
      const { observations } = kept;
      observations.catch(() => (kept = null));
      return { lastRun, observations: await observations };
    },
  };
}
