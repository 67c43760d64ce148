import type { StepState, Step } from '../../api/trust.ts';
import type { Check } from '../probe/check.ts';

/** Progress of the run in this process, for display only. Only what is recorded at the end counts. */
export interface Progress {
  begin(checks: readonly Check[]): void;
  set(check: Check, state: StepState): void;
  end(): void;
  /** In execution order; empty while no run is under way in this process. */
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
