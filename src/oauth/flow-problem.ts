import type { FlowProblemName } from '../api/providers.ts';

/** A way to a provider and back that ends nowhere. The browser is sent on with its name; `cause` is for the log. */
export class FlowProblem extends Error {
  override readonly name = 'FlowProblem';
  readonly kind: FlowProblemName;

  constructor(kind: FlowProblemName, cause?: unknown) {
    super(kind, { cause });
    this.kind = kind;
  }
}
