import type { FlowProblemName } from '../api/providers.ts';

/**
 * A sign-in attempt with a provider that failed. The browser is redirected with the problem’s name; `cause` is only
 * logged.
 */
export class FlowProblem extends Error {
  override readonly name = 'FlowProblem';
  readonly kind: FlowProblemName;

  constructor(kind: FlowProblemName, cause?: unknown) {
    super(kind, { cause });
    this.kind = kind;
  }
}
