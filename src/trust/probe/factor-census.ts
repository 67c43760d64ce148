import type { FactorCount } from '../../store/port/factor-rule.ts';

/** How far the deployment’s people follow the rule that every account has a second factor. */
export interface FactorCensus extends FactorCount {
  /** The rule is set, and its grace is over. */
  inForce: boolean;
  /** Accounts that are not counted, and addresses that this run has signed up with: there are never more of the former. */
  leftOut: number;
  signedUp: number;
}
