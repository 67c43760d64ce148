import type { z } from 'zod/mini';
import type { ProblemName } from '../problems.ts';
import type { AddressLimit } from '../ratelimit/limits.ts';
import type { Services, Principal } from '../services.ts';
import type { Reply } from './reply.ts';

/** Who may call. Each has its guard in `guards.ts`; nothing is callable without one. ASVS 8.2.1. */
export type Need =
  | 'anyone'
  | 'signedIn'
  | 'confirmedIfFactor'
  | 'recentlyConfirmed'
  | 'operator'
  | 'confirmedOperator'
  | 'operatorOrCron';

/** The other side of the connection, as far as it can be believed. */
export interface Client {
  /** When the request came in. */
  receivedAt: Date;
  /** Key for limits: an IPv4 address, or an IPv6 /64. */
  network: string;
  /** As shown to people. */
  address: string;
  userAgent: string;
  /** The value of the session cookie. It proves nothing until `sessions/authenticate` has looked it up. */
  sessionToken: string | null;
  /** Each marks a browser that signed in to one account before, the newest first. */
  deviceMarks: readonly string[];
  /** Marks a browser that is on its way to a sign-in provider and back. */
  flowToken: string | null;
}

type ParamsOf<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? { [Key in Name]: string } & ParamsOf<Rest>
  : Path extends `${string}:${infer Name}`
    ? { [Key in Name]: string }
    : unknown;

interface Call<Path extends string, Needs extends Need, Body, Query> {
  params: ParamsOf<Path>;
  body: Body;
  query: Query;
  who: Needs extends 'anyone' | 'operatorOrCron' ? Principal | null : Principal;
  client: Client;
  /** Of the request, as they were sent: for what goes by `If-None-Match` or `Accept-Encoding`. */
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
  /** Also for a session that is held to adding a second factor: one’s own account. Left out, it is refused. */
  held?: 'allowed';
  /** Counted by client address before anything else is looked at. `null` where a call costs no more than a read. */
  limit: AddressLimit | null;
  body?: Body;
  query?: Query;
  /** Shape and status of success; no shape: nothing is answered, 204, or the browser is sent on by `Location`. */
  answer?: Answer;
  status: 200 | 201 | 202 | 204 | 302 | 303;
  /** The refusals of its own, beside those that every endpoint has. */
  problems: readonly ProblemName[];
  /**
   * A `Reply` sets cookies or sends the browser on. A `Response` is answered as it is: of what is too long to be held whole, or
   * known already.
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

/** One endpoint is one value: validation, guard, limit, handler and OpenAPI come from it. */
export function endpoint<
  Path extends string,
  Needs extends Need,
  Body extends Shape | undefined = undefined,
  Query extends Shape | undefined = undefined,
  Answer extends Shape | undefined = undefined,
>(definition: Definition<Path, Needs, Body, Query, Answer>): Endpoint {
  // The types allow it since `handle` is a method; the mount hands it exactly what its own shapes parsed.
  return definition;
}
