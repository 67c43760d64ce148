/** All problems: name, status and public title. RFC 9457. */
export const problems = {
  malformed: { status: 400, title: 'The request could not be understood.' },
  'not-signed-in': { status: 401, title: 'Sign in first.' },
  'wrong-credentials': {
    status: 401,
    title: 'That e-mail address and password do not match an account.',
  },
  'user-verification-required': {
    status: 401,
    title: 'Your device did not verify you. Try again with your PIN, fingerprint or face.',
  },
  forbidden: { status: 403, title: 'You may not do this.' },
  'cross-site-request': { status: 403, title: 'This request came from another site.' },
  'confirmation-required': { status: 403, title: 'Show once more that it is you.' },
  'account-closing': { status: 403, title: 'This account is being closed.' },
  'email-unverified': { status: 403, title: 'Prove your e-mail address first.' },
  'second-factor-required': {
    status: 403,
    title: 'Add a second factor first: every account here needs one.',
  },
  'https-required': { status: 403, title: 'Use HTTPS.' },
  'not-found': { status: 404, title: 'There is nothing here, or nothing that you may see.' },
  conflict: { status: 409, title: 'This is not possible any more: something changed meanwhile.' },
  'last-way-in': { status: 409, title: 'This is the only way into your account.' },
  gone: { status: 410, title: 'This was used already, or it has expired.' },
  'challenge-over': { status: 410, title: 'This code cannot be used any more. Ask for a new one.' },
  'too-large': { status: 413, title: 'This is too large.' },
  'not-json': { status: 415, title: 'Only JSON is understood here.' },
  'wrong-host': { status: 421, title: 'This server has another address.' },
  'invalid-fields': { status: 422, title: 'Some of this cannot be accepted.' },
  'wrong-code': { status: 422, title: 'This is not the code.' },
  'wrong-purpose': { status: 422, title: 'This code is for something else.' },
  'rate-limited': { status: 429, title: 'Too many tries. Wait a moment.' },
  internal: { status: 500, title: 'Something went wrong on our side.' },
  unavailable: { status: 503, title: 'The service is away for a moment. Try again.' },
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
