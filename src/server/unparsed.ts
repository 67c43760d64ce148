import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Config } from '../config.ts';
import { refuse } from '../http/problem-response.ts';
import { makeSecurityHeaders } from '../http/security-headers.ts';
import type { Log } from '../log.ts';
import { Problem } from '../problems.ts';

interface ProblemReply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Responses to requests that do not reach the app, with the usual headers, problem format and reference. */
export interface ProblemSender {
  answer(status: number, cause?: unknown): Response;
  send(outgoing: ServerResponse, status: number): void;
  /**
   * Writes to a socket whose request could not be parsed. `packet` is what arrived last: a browser gets a page for
   * headers that are too large, because only a browser’s user can delete the cookies that made them so.
   */
  write(socket: Duplex, status: number, packet?: Buffer): void;
}

export function makeProblemSender(
  { secure, origin }: Pick<Config, 'secure' | 'origin'>,
  log: Log,
): ProblemSender {
  const secureHeaders = makeSecurityHeaders({ secure });
  const replyOf = (
    status: number,
    { cause, asPage = false }: { cause?: unknown; asPage?: boolean },
  ): ProblemReply => {
    const problem = refuse(new Problem(status === 500 ? 'internal' : 'malformed', { cause }), {
      log,
      request: { method: '', url: origin },
    });
    const body = asPage
      ? pageOfLargeHeaders(problem.body.reference)
      : JSON.stringify({ ...problem.body, status });
    if (asPage) problem.headers.set('Content-Type', 'text/html; charset=utf-8');
    const answer = new Response(null, { headers: problem.headers });
    secureHeaders.complete(answer);
    const headers = {
      ...Object.fromEntries(answer.headers),
      connection: 'close',
      'content-length': String(Buffer.byteLength(body)),
    };
    return { status, headers, body };
  };

  return {
    answer(status, cause) {
      const { body, headers } = replyOf(status, { cause });
      return new Response(body, { status, headers });
    },
    send(outgoing, status) {
      const { body, headers } = replyOf(status, {});
      outgoing.writeHead(status, headers).end(body);
    },
    write(socket, status, packet) {
      const asPage = status === 431 && isOfBrowser(packet);
      const { body, headers } = replyOf(status, { asPage });
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
      socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n'));
    },
  };
}

/** Large headers may arrive in several packets, and `Accept` in an earlier one than the last. */
function isOfBrowser(packet: Buffer | undefined): boolean {
  const text = packet?.toString('latin1') ?? '';
  const isFromTheStart = /^[A-Z]+ \S+ HTTP\/1\.[01]\r\n/.test(text);
  return !isFromTheStart || /\r\naccept:[^\r\n]*text\/html/i.test(text);
}

/** Without a stylesheet, because it may have to be shown before the app is there. */
function pageOfLargeHeaders(reference: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>The request is too large</title></head>
<body>
<main>
<h1>The request is too large</h1>
<p>Your browser sent more cookies for this site than the server accepts. Delete the cookies of this site in your browser’s settings, then load the page again. You’ll have to sign in again.</p>
<p><a href="/">Go to the start page</a></p>
<p>Request ID: <code>${reference}</code></p>
</main>
</body>
</html>
`;
}
