import type { ProblemBody } from '../../src/api/problem.ts';
import type { ProblemName } from '../../src/problems.ts';

type FieldErrors = NonNullable<ProblemBody['errors']>;

interface ProblemFacts {
  /**
   * The last part of the problem’s `type`; `unreachable` if there was no answer from our server.
   */
  kind: ProblemName | 'unreachable' | (string & {});
  sentence: string;
  status: number;
  reference: string;
  errors?: FieldErrors;
  /** Whole seconds, from `Retry-After`. */
  retryAfter?: number | undefined;
  members?: Record<string, unknown>;
}

/**
 * The one error of the API client. Every failed request rejects with it, and it can always be shown
 * to the user.
 */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly kind: ProblemFacts['kind'];
  readonly status: number;
  readonly reference: string;
  readonly errors: FieldErrors;
  readonly retryAfter: number | undefined;
  readonly members: Record<string, unknown>;

  constructor(facts: ProblemFacts) {
    super(facts.sentence);
    this.kind = facts.kind;
    this.status = facts.status;
    this.reference = facts.reference;
    this.errors = facts.errors ?? [];
    this.retryAfter = facts.retryAfter;
    this.members = facts.members ?? {};
  }
}

/** The same problem, attached to a field of the form. */
export function atField(problem: ApiProblem, path: string, message = problem.message): ApiProblem {
  const { kind, status, reference } = problem;
  return new ApiProblem({
    kind,
    sentence: message,
    status,
    reference,
    errors: [{ path, message }],
  });
}

export function isProblem(error: unknown, kind: ProblemFacts['kind']): error is ApiProblem {
  return error instanceof ApiProblem && error.kind === kind;
}

/** Whether the same request can succeed later without the user doing anything. */
export function isTemporary(error: unknown): boolean {
  return isProblem(error, 'unreachable') || isProblem(error, 'unavailable');
}
