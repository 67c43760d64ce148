/** A request as a check describes it. */
export interface CheckRequest {
  method: string;
  path: string;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent unchanged, with its own content type. */
  raw?: { type: string; text: string };
  /** By lower-case name. They add to or replace the headers that a browser on our own pages sends. */
  headers?: Readonly<Record<string, string>>;
  /** Called after the headers and before the body are sent. Over the network only. */
  meanwhile?: () => Promise<unknown>;
}

/** The response as plain data, which can be stored, replayed and changed. */
export interface CheckResponse {
  /** Method and path of the request. */
  readonly to: string;
  readonly status: number;
  /** By lower-case name, without `Set-Cookie`, which is separate. */
  readonly headers: Readonly<Record<string, string>>;
  readonly setCookies: readonly string[];
  readonly body: string;
}

/** The request as a browser on our own pages sends it. */
export function requestTo(
  origin: string,
  { method, path, json, raw, headers: own = {} }: CheckRequest,
  cookie: string | null,
): Request {
  const body = raw?.text ?? (json === undefined ? undefined : JSON.stringify(json));
  const headers = new Headers({ accept: 'application/json' });
  if (cookie !== null) headers.set('cookie', cookie);
  if (method !== 'GET') headers.set('sec-fetch-site', 'same-origin');
  if (body !== undefined) headers.set('content-type', raw?.type ?? 'application/json');
  for (const [name, value] of Object.entries(own)) headers.set(name, value);
  return new Request(new URL(path, origin), {
    method,
    headers,
    ...(body !== undefined && { body }),
  });
}

/** Reads the whole response. */
export async function answerOf(
  { method, path }: CheckRequest,
  response: Response,
): Promise<CheckResponse> {
  const headers = Object.fromEntries(
    [...response.headers].filter(([name]) => name !== 'set-cookie'),
  );
  return {
    to: `${method} ${path}`,
    status: response.status,
    headers,
    setCookies: response.headers.getSetCookie(),
    body: await response.text(),
  };
}

/** A check cannot reach a result. The message is public. */
export class Inconclusive extends Error {
  override readonly name: string = 'Inconclusive';
}

/** A temporary rejection, by a rate limit or an overloaded server. It is evidence neither for nor against the claim. */
export class Hindered extends Inconclusive {
  override readonly name = 'Hindered';
}

/** Whether the response is conclusive and has a status other than this. */
export function contradicts(answer: CheckResponse, status: number): boolean {
  return answer.status !== status && saysSomething(answer);
}

/** Whether the response is conclusive. Rate limits, overload and failures are not. */
export function saysSomething({ status }: CheckResponse): boolean {
  return status !== 429 && status < 500;
}

/** The response, if it is conclusive. @throws Hindered · Inconclusive */
export function conclusive(answer: CheckResponse): CheckResponse {
  if (saysSomething(answer)) return answer;
  const line = `${nameOf(answer)} returned ${answer.status}.`;
  throw answer.status === 429 || answer.status === 503
    ? new Hindered(line)
    : new Inconclusive(line);
}

/** The response, if it has the status that the check needs to continue. @throws Hindered · Inconclusive */
export function expectStatus(answer: CheckResponse, status: number): CheckResponse {
  if (answer.status === status) return answer;
  throw new Inconclusive(
    `${nameOf(conclusive(answer))} returned ${answer.status} in place of ${status}, so the check cannot continue.`,
  );
}

/** Names the response without the IDs in its path. */
export function nameOf({ to }: CheckResponse): string {
  return to.replaceAll(/[\w-]{20,}/g, '…');
}

/** A value of a JSON body, by its path; `undefined` if it does not exist. */
export function member(answer: CheckResponse, ...path: readonly string[]): unknown {
  let value: unknown = parsed(answer.body);
  for (const name of path)
    value =
      typeof value === 'object' && value !== null
        ? Object.getOwnPropertyDescriptor(value, name)?.value
        : undefined;
  return value;
}

export function text(answer: CheckResponse, ...path: readonly string[]): string {
  const value = member(answer, ...path);
  if (typeof value === 'string' && value !== '') return value;
  throw new Inconclusive(`${nameOf(answer)} returned no ${path.join('.')}.`);
}

/** The problem’s name; `null` if the response is not a problem. */
export function problemOf(answer: CheckResponse): string | null {
  const type = member(answer, 'type');
  return typeof type === 'string' && type.startsWith('/problems/')
    ? type.slice('/problems/'.length)
    : null;
}

/** The problem’s reference; empty if it has none. */
export function referenceOf(answer: CheckResponse): string {
  const reference = member(answer, 'reference');
  return typeof reference === 'string' ? reference : '';
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
