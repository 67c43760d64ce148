import type { StepState, Step } from '../../api/trust.ts';
import type { Check } from '../probe/check.ts';

/** How far the run of this process is. It is for watching only: what counts is what is recorded at the end. */
export interface Progress {
  begin(checks: readonly Check[]): void;
  set(check: Check, state: StepState): void;
  end(): void;
  /** In the order in which they are made; empty while no run is under way here. */
  steps(): readonly Step[];
}

export function makeProgress(): Progress {
  const steps = new Map<string, Step>();
  return {
    begin(checks) {
      steps.clear();
      for (const check of checks) this.set(check, 'waiting');
    },
    set: ({ id, title }, state) => void steps.set(id, { title, state }),
    end: () => steps.clear(),
    steps: () => [...steps.values()],
  };
}
