import type { SecurityEvent } from '../../records.ts';
import type { FactorRule } from '../../records/two-factor.ts';

/** How many accounts, and how many operators, have a second factor, and the totals. */
export interface FactorCount {
  accounts: number;
  enrolled: number;
  operators: number;
  enrolledOperators: number;
}

export interface FactorRuleStore {
  findFactorRule(): Promise<FactorRule | null>;
  /**
   * Sets the rule; `null` removes it. A rule that is set stays as it is, with nothing recorded, until it is removed; so
   * does its absence. Returns false and records nothing if the event’s actor is not an operator or has no second factor.
   */
  setFactorRule(input: { rule: FactorRule | null; event: SecurityEvent }): Promise<boolean>;
  /** Leaves out accounts of the domain `except` that are not operators. */
  countFactors(except: string | null): Promise<FactorCount>;
}
