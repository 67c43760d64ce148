import type { FactorCount } from '../store/port.ts';

/** How far the deployment’s people follow the rule that every account has a second factor. */
export interface FactorCensus extends FactorCount {
  /** The rule is set, and its grace is over. */
  inForce: boolean;
}
