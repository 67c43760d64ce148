import { z } from 'zod/mini';
import { proofWanted, reauthenticate } from '../app/confirm/confirmation.ts';
import { messages } from '../app/messages.ts';
import { ApiProblem } from './problem.ts';

interface Call<Answer> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  body?: unknown;
  /** The schema of the answer, which is validated before use. */
  answer: z.ZodMiniType<Answer>;
  signal?: AbortSignal;
}

/** For answers without a body. */
export const noAnswer = z.undefined();

const problemShape = z.looseObject({
  type: z.string(),
  title: z.string(),
  detail: z.optional(z.string()),
  reference: z.string(),
  errors: z.optional(z.array(z.object({ path: z.string(), message: z.string() }))),
});

/**
 * Resolves with the answer, or rejects with an `ApiProblem` and nothing else. If the server
 * requires re-authentication, the user is asked for it and the request is sent again.
 */
export async function call<Answer>(request: Call<Answer>): Promise<Answer> {
  try {
    return await callOnce(request);
  } catch (error) {
    const methods = proofWanted(error);
    if (methods === null) throw error;
    await reauthenticate(methods);
    return callOnce(request);
  }
}

/** The same without asking for re-authentication. Credentials are sent to our own origin only. */
export async function callOnce<Answer>({
  method,
  path,
  body,
  answer,
  signal,
}: Call<Answer>): Promise<Answer> {
  const response = await send(method, path, body, signal);
  const json = response.status === 204 ? undefined : await readJson(response);
  if (!response.ok) throw problemFrom(response, json);
  const read = answer.safeParse(json);
  if (!read.success) throw unreadable(response.status);
  return read.data;
}

async function send(
  method: string,
  path: string,
  body: unknown,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  try {
    return await fetch(path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      credentials: 'same-origin',
      signal: signal ?? null,
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiProblem({
      kind: 'unreachable',
      sentence: messages.unreachable.network,
      status: 0,
      reference: '',
    });
  }
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw unreadable(response.status);
  }
}

function problemFrom(response: Response, json: unknown): ApiProblem {
  const read = problemShape.safeParse(json);
  if (!read.success) return unreadable(response.status);
  const { type, title, detail, reference, errors = [], ...members } = read.data;
  return new ApiProblem({
    kind: type.slice(type.lastIndexOf('/') + 1),
    sentence: detail ?? title,
    status: response.status,
    reference,
    errors,
    retryAfter: seconds(response.headers.get('retry-after')),
    members,
  });
}

function seconds(header: string | null): number | undefined {
  return header !== null && /^\d+$/.test(header) ? Number(header) : undefined;
}

function unreadable(status: number): ApiProblem {
  return new ApiProblem({
    kind: 'unreachable',
    sentence: messages.unreachable.unreadable(status),
    status,
    reference: '',
  });
}
