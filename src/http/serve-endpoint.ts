import { z } from 'zod/mini';
import { Problem } from '../problems.ts';
import type { Services, Principal } from '../services.ts';
import { onBehalfOf } from '../store/authority.ts';
import type { Authority } from '../store/port/authority.ts';
import { AuthorityLost } from '../store/port/errors.ts';
import type { Client, Endpoint } from './endpoint.ts';
import { guard, type Rights, rightsOf } from './guards.ts';
import { parseJson, readBody, tooSlow } from './read-body.ts';
import { headersOf, Reply } from './reply.ts';
import type { SecurityHeaders } from './security-headers.ts';
import { validate } from './validate.ts';

const nothing = z.strictObject({});

/** How to treat a session for which enrolment is required. */
interface Holding {
  held: 'refused' | 'allowed';
}

/** What `sessions` provides for serving requests. */
export interface Sessions {
  /** @throws Problem `second-factor-required` */
  authenticate(sessionToken: string | null, holding: Holding): Promise<Principal | null>;
  /** @throws Problem `confirmation-required` */
  requireConfirmation(signed: Principal, rights: Rights): Promise<void>;
  /** Returns the conditions for each write on behalf of this principal. */
  authorityOf(signed: Principal, rights: Rights): Authority;
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
  { method, limit, needs, held, body, query, status, handle }: Endpoint,
  { services, secureHeaders, sessions, client, request, params }: RunRequest,
): Promise<Response> {
  if (limit) await services.limiter.consume(limit, { who: client.network });
  const authorize = () =>
    guard(needs, {
      identify: () => identify(sessions, client, { held: held ?? 'refused' }),
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
      (await sessions.authenticate(client.sessionToken, { held: 'allowed' })) === null
    )
      await tooSlow();
  };
  const bytes = method === 'GET' ? null : await readBody(request, requireWelcome);
  const who = await authorize();
  if (who && method !== 'GET') {
    await services.limiter.consume('changes', { who: who.account.id, beside: who.session.id });
    await services.limiter.consume('account-changes', { who: who.account.id });
  }

  const call = {
    params,
    who,
    client,
    request,
    query: query ? validate(query, Object.fromEntries(new URL(request.url).searchParams)) : {},
    body: bytes === null ? {} : validate(body ?? nothing, sentIn(bytes, request, body)),
  };
  const acting =
    method === 'GET' ? services : actingFor(who, rightsOf[needs], { services, sessions });
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
  who: Principal | null,
  rights: Rights | null,
  { services, sessions }: Pick<RunRequest, 'services' | 'sessions'>,
): Services {
  if (who === null || rights === null) return services;
  return { ...services, store: onBehalfOf(services.store, sessions.authorityOf(who, rights)) };
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
  holding: Holding,
): Promise<Principal> {
  const signed = await authenticate(client.sessionToken, holding);
  if (!signed) throw new Problem('not-signed-in');
  return signed;
}
