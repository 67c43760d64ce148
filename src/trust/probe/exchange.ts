/** A request as a check writes it down. */
export interface CheckRequest {
  method: string;
  path: string;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is, under its own content type. */
  raw?: { type: string; text: string };
  /** Beside those that any browser on our own pages sends, or instead of them; by lower-case name. */
  headers?: Readonly<Record<string, string>>;
  /** Done after the headers were sent and before the body is. Over the network only. */
  meanwhile?: () => Promise<unknown>;
}

/** What came back, as plain data: it can be kept, replayed and tampered with. */
export interface CheckResponse {
  /** Method and path that it answers. */
  readonly to: string;
  readonly status: number;
  /** By lower-case name; `Set-Cookie` stands by itself. */
  readonly headers: Readonly<Record<string, string>>;
  readonly setCookies: readonly string[];
  readonly body: string;
}

/** A check cannot come to an end. Its message is for everybody. */
export class Inconclusive extends Error {
  override readonly name: string = 'Inconclusive';
}

/** Something refused for a reason that passes: limits, or an overloaded server. It says nothing either way. */
export class Hindered extends Inconclusive {
  override readonly name = 'Hindered';
}

/** Whether it says something else than this. */
export function contradicts(answer: CheckResponse, status: number): boolean {
  return answer.status !== status && saysSomething(answer);
}

/** Limits, overload and breakdowns say nothing, about anything. */
export function saysSomething({ status }: CheckResponse): boolean {
  return status !== 429 && status < 500;
}

/** The answer, if it says anything. @throws Hindered · Inconclusive */
export function conclusive(answer: CheckResponse): CheckResponse {
  if (saysSomething(answer)) return answer;
  const line = `${nameOf(answer)} answered ${answer.status}.`;
  throw answer.status === 429 || answer.status === 503
    ? new Hindered(line)
    : new Inconclusive(line);
}

/** The answer, if it is the one that a check cannot go on without. @throws Hindered · Inconclusive */
export function expectStatus(answer: CheckResponse, status: number): CheckResponse {
  if (answer.status === status) return answer;
  throw new Inconclusive(
    `${nameOf(conclusive(answer))} answered ${answer.status}; without ${status} there is nothing to judge.`,
  );
}

/** Which answer it is, without the ids in its path. */
export function nameOf({ to }: CheckResponse): string {
  return to.replaceAll(/[\w-]{20,}/g, '…');
}

/** A member of a JSON body, by its path; `undefined` when it is not there. */
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
  throw new Inconclusive(`${nameOf(answer)} answered without ${path.join('.')}.`);
}

/** The name of the problem that was answered; `null` when it was none. */
export function problemOf(answer: CheckResponse): string | null {
  const type = member(answer, 'type');
  return typeof type === 'string' && type.startsWith('/problems/')
    ? type.slice('/problems/'.length)
    : null;
}

/** The reference of a problem; empty when it names none. */
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
