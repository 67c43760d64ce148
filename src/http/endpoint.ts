import type { z } from 'zod/mini';
import type { ProblemName } from '../problems.ts';
import type { NetworkLimit } from '../ratelimit/limits.ts';
import type { Services, Principal } from '../services.ts';
import type { Client } from './client.ts';
import type { Reply } from './reply.ts';

/**
 * The access requirement of an endpoint. Each has a guard in `guards.ts`; an endpoint without one cannot be defined.
 * ASVS 8.2.1.
 */
export type Need =
  | 'anyone'
  | 'signedIn'
  | 'confirmedIfFactor'
  | 'recentlyConfirmed'
  | 'operator'
  | 'confirmedOperator'
  | 'operatorOrCron';

type ParamsOf<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? { [Key in Name]: string } & ParamsOf<Rest>
  : Path extends `${string}:${infer Name}`
    ? { [Key in Name]: string }
    : unknown;

interface Call<Path extends string, Needs extends Need, Body, Query> {
  params: ParamsOf<Path>;
  body: Body;
  query: Query;
  principal: Needs extends 'anyone' | 'operatorOrCron' ? Principal | null : Principal;
  client: Client;
  /** The raw request, for handlers that read `If-None-Match` or `Accept-Encoding`. */
  request: Pick<Request, 'method' | 'headers'>;
}

type Shape = z.core.$ZodType;
type Parsed<S> = S extends Shape ? z.core.output<S> : Record<string, never>;
type Answered<S> = S extends Shape ? z.core.output<S> : undefined;

interface Definition<Path extends string, Needs extends Need, Body, Query, Answer> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: Path;
  summary: string;
  needs: Needs;
  /**
   * Also allows a session for which enrolment is required, for managing the user’s own account. Such a session is
   * rejected by default.
   */
  whileEnrolling?: true;
  /** Counted by client address before the request is read. `null` where a call costs no more than a read. */
  limit: NetworkLimit | null;
  body?: Body;
  query?: Query;
  /** Schema and status of a successful response. Without a schema: 204, or a redirect by `Location`. */
  answer?: Answer;
  status: 200 | 201 | 202 | 204 | 302 | 303;
  /** The endpoint’s own problems, besides those that every endpoint has. */
  problems: readonly ProblemName[];
  /**
   * A `Reply` sets cookies or redirects the browser. A `Response` is sent as it is, for content that is streamed or
   * cacheable.
   */
  handle(
    services: Services,
    call: Call<Path, Needs, Parsed<Body>, Parsed<Query>>,
  ): Promise<Answered<Answer> | Reply<Answered<Answer>> | Response>;
}

export type Endpoint = Definition<
  string,
  Need,
  Shape | undefined,
  Shape | undefined,
  Shape | undefined
>;

/** Defines an endpoint: validation, guard, limit, handler and OpenAPI description all derive from this one value. */
export function endpoint<
  Path extends string,
  Needs extends Need,
  Body extends Shape | undefined = undefined,
  Query extends Shape | undefined = undefined,
  Answer extends Shape | undefined = undefined,
>(definition: Definition<Path, Needs, Body, Query, Answer>): Endpoint {
  // Type-checks because `handle` is a method. Serving the endpoint passes it what its own schemas parsed.
  return definition;
}
