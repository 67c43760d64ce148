import { z } from 'zod/mini';
import { Problem } from '../problems.ts';
import type { Services, Signed } from '../services.ts';
import type { Client, Endpoint } from './endpoint.ts';
import { guards } from './guards.ts';
import { readJson } from './read-body.ts';
import type { SecurityHeaders } from './security-headers.ts';
import { validate } from './validate.ts';

const nothing = z.strictObject({});

/** What becomes of a session that is held to adding a second factor. */
interface Holding {
  held: 'refused' | 'allowed';
}

/** What `sessions` knows of whoever calls. */
export interface Sessions {
  /** @throws Problem `second-factor-required` */
  authenticate(sessionToken: string | null, holding: Holding): Promise<Signed | null>;
  /** @throws Problem `confirmation-required` */
  requireConfirmation(signed: Signed): Promise<void>;
}

interface Occasion {
  services: Services;
  secureHeaders: SecurityHeaders;
  sessions: Sessions;
  client: Client;
  request: Request;
  params: object;
}

/** One request to one endpoint, in this order: limit, guard, shape, handler. Refusals are thrown. */
export async function serveEndpoint(
  { method, limit, needs, held, body, query, status, handle }: Endpoint,
  { services, secureHeaders, sessions, client, request, params }: Occasion,
): Promise<Response> {
  if (limit) await services.limiter.take(limit, { who: client.network });
  const who = await guards[needs]({
    identify: () => identify(sessions, client, { held: held ?? 'refused' }),
    requireConfirmation: sessions.requireConfirmation,
    bearer: /^Bearer ([\x21-\x7e]{1,512})$/.exec(request.headers.get('authorization') ?? '')?.[1] ?? null,
    cronSecret: services.config.cronSecret,
  });
  if (who && method !== 'GET') {
    await services.limiter.take('changes', { who: who.account.id, beside: who.session.id });
    await services.limiter.take('account-changes', { who: who.account.id });
  }

  let headers: Headers | undefined;
  const answer = await handle(services, {
    params,
    who,
    client,
    request,
    get headers() {
      return (headers ??= new Headers());
    },
    query: query ? validate(query, Object.fromEntries(new URL(request.url).searchParams)) : {},
    body: method === 'GET' ? {} : validate(body ?? nothing, await bodyOf(request, body)),
  });
  if (answer instanceof Response) return request.method === 'HEAD' ? withoutBody(answer) : answer;
  if (answer === undefined) return new Response(null, { status, ...(headers && { headers }) });
  if (headers === undefined) return secureHeaders.data(answer, status);
  headers.set('Content-Type', 'application/json');
  return new Response(JSON.stringify(answer), { status, headers });
}

/** A body that nobody will read is told so: it may hold something until it is. */
async function withoutBody(answer: Response): Promise<Response> {
  await answer.body?.cancel();
  return new Response(null, answer);
}

/** Nothing is as good as an empty object where no body is wanted; `null` is neither. */
async function bodyOf(request: Request, wanted: object | undefined): Promise<unknown> {
  const sent = await readJson(request);
  return sent === undefined && !wanted ? {} : sent;
}

async function identify({ authenticate }: Sessions, client: Client, holding: Holding): Promise<Signed> {
  const signed = await authenticate(client.sessionToken, holding);
  if (!signed) throw new Problem('not-signed-in');
  return signed;
}
