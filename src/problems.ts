/** All problems: name, status and public title. RFC 9457. */
export const problems = {
  malformed: { status: 400, title: 'The request is malformed.' },
  'not-signed-in': { status: 401, title: 'Sign in first.' },
  'wrong-credentials': {
    status: 401,
    title: 'The email address or password is incorrect.',
  },
  'user-verification-required': {
    status: 401,
    title: 'Your device didn’t verify you. Try again with your PIN, fingerprint or face.',
  },
  forbidden: { status: 403, title: 'You don’t have permission to do this.' },
  'cross-site-request': { status: 403, title: 'This request came from a different site.' },
  'confirmation-required': { status: 403, title: 'Confirm it’s you to continue.' },
  'account-closing': { status: 403, title: 'This account is scheduled for deletion.' },
  'email-unverified': { status: 403, title: 'Verify your email address first.' },
  'second-factor-required': {
    status: 403,
    title: 'Set up two-factor authentication first: every account on this site needs it.',
  },
  'https-required': { status: 403, title: 'This site requires HTTPS.' },
  'not-found': { status: 404, title: 'Not found, or you don’t have access.' },
  'method-not-allowed': { status: 405, title: 'This URL doesn’t support that method.' },
  conflict: { status: 409, title: 'This was changed in the meantime. Reload and try again.' },
  'last-way-in': { status: 409, title: 'This is your only way to sign in. Add another one first.' },
  gone: { status: 410, title: 'This has already been used or has expired.' },
  'challenge-over': { status: 410, title: 'This code is no longer valid. Request a new one.' },
  'too-large': { status: 413, title: 'The request is too large.' },
  'not-json': { status: 415, title: 'The request body must be JSON.' },
  'wrong-host': { status: 421, title: 'This request was sent to the wrong host.' },
  'invalid-fields': { status: 422, title: 'Check the highlighted fields.' },
  'wrong-code': { status: 422, title: 'That code is incorrect.' },
  'wrong-purpose': { status: 422, title: 'This code is for a different action.' },
  'rate-limited': { status: 429, title: 'Too many attempts. Wait and try again.' },
  internal: { status: 500, title: 'Something went wrong on the server.' },
  unavailable: { status: 503, title: 'Temporarily unavailable. Try again in a moment.' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemName = keyof typeof problems;

export function isProblemName(name: string): name is ProblemName {
  return Object.hasOwn(problems, name);
}

export interface FieldError {
  /** Dotted path into the body; empty for the body itself. */
  path: string;
  message: string;
}

interface Details {
  detail?: string;
  errors?: FieldError[];
  /** Whole seconds, for `Retry-After`. */
  retryAfter?: number;
  /** The methods that the address supports, for `Allow`. */
  allow?: readonly string[];
  /** Further public members of the response. */
  members?: Record<string, unknown>;
  /** Only logged, never sent. */
  cause?: unknown;
}

/** An error for the client. Thrown anywhere, and turned into a response only by `http/problem-response.ts`. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly kind: ProblemName;
  readonly details: Details;

  constructor(kind: ProblemName, details: Details = {}) {
    super(details.detail ?? problems[kind].title, { cause: details.cause });
    this.kind = kind;
    this.details = details;
  }
}

/** Returns the problem for invalid input, with one message per field. RFC 9457 §3.1 `errors`. */
export function invalidFields(errors: FieldError[]): Problem {
  return new Problem('invalid-fields', { errors });
}
