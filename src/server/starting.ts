import type { Config } from '../config.ts';
import { refuse } from '../http/problem-response.ts';
import { makeSecurityHeaders } from '../http/security-headers.ts';
import type { Log } from '../log.ts';
import { Problem } from '../problems.ts';
import type { Handler } from './listen.ts';

/** Responds until the database is available: reports that the process is running but cannot serve requests yet. */
export function startingApp({ config, log }: { config: Config; log: Log }): Handler {
  const secureHeaders = makeSecurityHeaders(config);
  return async (request) => {
    const answer =
      new URL(request.url).pathname === '/healthz'
        ? Response.json({ status: 'up' })
        : unavailable(request, log);
    secureHeaders.complete(answer);
    return answer;
  };
}

function unavailable(request: Request, log: Log): Response {
  const { body, headers } = refuse(
    new Problem('unavailable', { retryAfter: 2, cause: 'starting' }),
    { log, request },
  );
  return new Response(JSON.stringify(body), { status: body.status, headers });
}
