import type { FactorCount } from '../../store/port/factor-rule.ts';

/** How far the deployment’s accounts comply with the second-factor rule. */
export interface FactorCensus extends FactorCount {
  /** The rule is set and its grace period has passed. */
  inForce: boolean;
  /**
   * Number of accounts left out of the count. It never exceeds the number of addresses with which this run has signed
   * up.
   */
  leftOut: number;
  signedUp: number;
}
