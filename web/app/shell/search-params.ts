import type { FlowProblemName, Provider, FlowPurpose } from '../../../src/api/providers.ts';

export const notices = ['signed-out', 'closing', 'factor-over'] as const;

export interface SignInSearch {
  to?: string | undefined;
  notice?: (typeof notices)[number] | undefined;
  /** The error of a sign-in or connection at a provider, and how to retry it. */
  problem?: FlowProblemName | undefined;
  provider?: Provider | undefined;
  purpose?: FlowPurpose | undefined;
}

export interface OperatorsSearch {
  part: 'accounts' | 'limits' | 'mail' | 'factors' | 'settings' | 'audit-log';
  search?: string | undefined;
  state?: 'queued' | 'sent' | 'kept' | 'dropped' | undefined;
}

/** Returns the value if it is one of the known ones. */
export function oneOf<Value extends string | number>(
  values: readonly Value[],
  given: unknown,
): Value | undefined {
  return values.find((value) => value === given);
}
