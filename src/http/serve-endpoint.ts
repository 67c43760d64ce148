import { z } from 'zod/mini';
import { Problem } from '../problems.ts';
import type { Services, Principal } from '../services.ts';
import { onBehalfOf } from '../store/authority.ts';
import type { Authority } from '../store/port/authority.ts';
import { AuthorityLost } from '../store/port/errors.ts';
import type { Client } from './client.ts';
import type { Endpoint } from './endpoint.ts';
import { guard, type Rights, rightsOf } from './guards.ts';
import { parseJson, readBody, tooSlow } from './read-body.ts';
import { headersOf, Reply } from './reply.ts';
import type { SecurityHeaders } from './security-headers.ts';
import { validate } from './validate.ts';

const nothing = z.strictObject({});

/** How to treat a session for which enrolment is required. */
interface Admission {
  whileEnrolling: boolean;
}

/** What `sessions` provides for serving requests. */
export interface Sessions {
  /** @throws Problem `second-factor-required` */
  authenticate(sessionToken: string | null, admission: Admission): Promise<Principal | null>;
  /** @throws Problem `confirmation-required` */
  requireConfirmation(principal: Principal, rights: Rights): Promise<void>;
  /** Returns the conditions for each write on behalf of this principal. */
  authorityOf(principal: Principal, rights: Rights): Authority;
}

interface RunRequest {
  services: Services;
  secureHeaders: SecurityHeaders;
  sessions: Sessions;
  client: Client;
  request: Request;
  params: object;
}

/**
 * Serves one request, in this order: limit, body, guard, validation, handler. Problems are thrown. The guard runs after
 * the body has arrived, which may take a while. Each write of the handler checks the principal again in its own
 * transaction: docs/decisions/015.
 */
export async function serveEndpoint(
  { method, limit, needs, whileEnrolling, body, query, status, handle }: Endpoint,
  { services, secureHeaders, sessions, client, request, params }: RunRequest,
): Promise<Response> {
  if (limit) await services.limiter.consume(limit, { key: client.network });
  const authorize = () =>
    guard(needs, {
      identify: () => identify(sessions, client, { whileEnrolling: whileEnrolling ?? false }),
      requireConfirmation: sessions.requireConfirmation,
      bearer:
        /^Bearer ([\x21-\x7e]{1,512})$/.exec(request.headers.get('authorization') ?? '')?.[1] ??
        null,
      cronSecret: services.config.cronSecret,
    });
  const requireWelcome = async () => {
    await authorize();
    if (
      needs === 'anyone' &&
      (await sessions.authenticate(client.sessionToken, { whileEnrolling: true })) === null
    )
      await tooSlow();
  };
  const bytes = method === 'GET' ? null : await readBody(request, requireWelcome);
  const principal = await authorize();
  if (principal && method !== 'GET') {
    await services.limiter.consume('changes', {
      key: principal.account.id,
      beside: principal.session.id,
    });
    await services.limiter.consume('account-changes', { key: principal.account.id });
  }

  const call = {
    params,
    principal,
    client,
    request,
    query: query ? validate(query, Object.fromEntries(new URL(request.url).searchParams)) : {},
    body: bytes === null ? {} : validate(body ?? nothing, sentIn(bytes, request, body)),
  };
  const passwords = services.passwords.of(client.network);
  const acting =
    method === 'GET'
      ? services
      : actingFor(principal, rightsOf[needs], { services: { ...services, passwords }, sessions });
  const answer = await handle(acting, call).catch((error: unknown) => refuseAnew(error, authorize));
  if (answer instanceof Response) return request.method === 'HEAD' ? withoutBody(answer) : answer;
  if (answer instanceof Reply) return replied(answer, status, services.config);
  if (answer === undefined) return new Response(null, { status });
  return secureHeaders.data(answer, status);
}

function replied(
  { body, beside }: Reply<unknown>,
  status: number,
  config: Services['config'],
): Response {
  const headers = headersOf(beside, config);
  if (body === undefined) return new Response(null, { status, headers });
  headers.set('Content-Type', 'application/json');
  return new Response(JSON.stringify(body), { status, headers });
}

/** Cancels a body that is not sent, so that its source can release resources. */
async function withoutBody(answer: Response): Promise<Response> {
  await answer.body?.cancel();
  return new Response(null, answer);
}

/** Where no body is expected, an empty one counts as an empty object. `null` does not. */
function sentIn(bytes: Uint8Array, request: Request, wanted: object | undefined): unknown {
  const sent = parseJson(bytes, request.headers.get('content-type'));
  return sent === undefined && !wanted ? {} : sent;
}

/** Returns the services with a store that writes on behalf of the principal, if there is one. */
function actingFor(
  principal: Principal | null,
  rights: Rights | null,
  { services, sessions }: Pick<RunRequest, 'services' | 'sessions'>,
): Services {
  if (principal === null || rights === null) return services;
  return {
    ...services,
    store: onBehalfOf(services.store, sessions.authorityOf(principal, rights)),
  };
}

/**
 * When the principal lost its authority during the request, returns the problem that the same request would get now.
 */
async function refuseAnew(error: unknown, authorize: () => Promise<unknown>): Promise<never> {
  if (!(error instanceof AuthorityLost)) throw error;
  await authorize();
  throw new Problem('unavailable', { retryAfter: 1, cause: error });
}

async function identify(
  { authenticate }: Sessions,
  client: Client,
  admission: Admission,
): Promise<Principal> {
  const principal = await authenticate(client.sessionToken, admission);
  if (!principal) throw new Problem('not-signed-in');
  return principal;
}
