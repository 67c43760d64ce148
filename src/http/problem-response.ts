import type { ProblemBody } from '../api/problem.ts';
import { newId } from '../crypto/token.ts';
import type { Log } from '../log.ts';
import { Problem, problems, type ProblemName } from '../problems.ts';
import { withSourcePositions } from '../source-positions.ts';
import { AuthorityLost, StoreUnavailable } from '../store/port/errors.ts';

/** Converts anything thrown into a problem. An unexpected error becomes `internal`. */
function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof StoreUnavailable)
    return new Problem('unavailable', { retryAfter: 2, cause: thrown });
  if (thrown instanceof AuthorityLost) return new Problem('not-signed-in', { cause: thrown });
  return new Problem('internal', { cause: thrown });
}

export interface ProblemReply {
  name: ProblemName;
  body: ProblemBody;
  headers: Headers;
}

/**
 * Turns an error into a problem response. Only here does it get its status, text and reference. The full cause is
 * logged once and never sent. RFC 9457; ASVS 16.5.1.
 */
export function refuse(
  thrown: unknown,
  { log, request }: { log: Log; request: Pick<Request, 'method' | 'url'> },
): ProblemReply {
  const { kind, details } = asProblem(thrown);
  const { status, title } = problems[kind];
  const reference = newId();

  log[status >= 500 ? 'error' : 'info'](
    {
      reference,
      problem: kind,
      status,
      method: request.method,
      path: pathOf(request),
      cause: describe(details.cause),
    },
    title,
  );

  const headers = new Headers({ 'Content-Type': 'application/problem+json' });
  // RFC 9110 §15.5.2, §15.5.6.
  if (status === 401) headers.set('WWW-Authenticate', 'Bearer realm="flowcept"');
  if (details.allow !== undefined) headers.set('Allow', details.allow.join(', '));
  if (details.retryAfter !== undefined) headers.set('Retry-After', String(details.retryAfter));
  return {
    name: kind,
    headers,
    body: {
      ...details.members,
      type: `/problems/${kind}`,
      title,
      status,
      detail: details.detail ?? title,
      reference,
      ...(details.errors && { errors: details.errors }),
    },
  };
}

/** Query strings may contain secrets; our paths do not. */
function pathOf({ url }: Pick<Request, 'url'>): string {
  return new URL(url).pathname.slice(0, 200);
}

function describe(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause;
  return {
    name: cause.name,
    message: cause.message,
    stack: withSourcePositions(cause.stack ?? ''),
    ...(cause.cause === undefined ? {} : { cause: describe(cause.cause) }),
  };
}
