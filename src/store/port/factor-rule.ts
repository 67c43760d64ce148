import type { FactorRule, SecurityEvent } from '../../records.ts';

/** How many accounts have a second factor, and how many operators, of how many. */
export interface FactorCount {
  accounts: number;
  enrolled: number;
  operators: number;
  enrolledOperators: number;
}

export interface FactorRuleStore {
  findFactorRule(): Promise<FactorRule | null>;
  /** In place of the one before; `null` lifts it. False, and nothing is recorded, when the event’s actor is no operator or has no second factor. */
  setFactorRule(input: { rule: FactorRule | null; event: SecurityEvent }): Promise<boolean>;
  /** Without accounts of the domain `except`, but with operators. */
  countFactors(except: string | null): Promise<FactorCount>;
}
