import type { FactorCount } from '../../store/port/factor-rule.ts';

/** How far the deployment’s accounts comply with the second-factor rule. */
export interface FactorCensus extends FactorCount {
  /** The rule is set and its grace period has passed. */
  inForce: boolean;
  /**
   * Accounts left out of the count, and addresses with which this run has signed up. The former never exceed the
   * latter.
   */
  leftOut: number;
  signedUp: number;
}
