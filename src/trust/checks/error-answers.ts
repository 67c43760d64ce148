import type { Canary } from '../probe/canary.ts';
import { judge, oftenFromOutside, type Check, type Control } from '../probe/check.ts';
import {
  expectStatus,
  referenceOf,
  problemOf,
  type CheckResponse,
  type CheckRequest,
} from '../probe/exchange.ts';
import { leakedInternals } from './support/leaked-internals.ts';
import { answering } from './support/tamper.ts';

const stack =
  'TypeError: x is undefined\n    at signIn (file:///srv/app/dist/server/app-1a2b3c4d.js:10:3)';

/** ASVS 16.5.1, 13.4.2. */
export const errorAnswers: Check = {
  id: 'error-answers',
  version: '1',
  title: 'Error responses are generic and carry a request ID that is in the log',
  method: 'TEST',
  vantage: 'black-box',
  ...oftenFromOutside,
  limits: 'Internal errors, which a check on a test instance triggers',
  byHand: {
    command: (origin) => `curl -si ${origin}/api/nowhere`,
    expect:
      'Status 404, a generic message and a reference; no stack trace, no file path, no query.',
  },
  async examine(context) {
    const canary = await context.canary();
    const answers = await makeMistakes(canary, await context.word());
    const references = answers.map(referenceOf);
    const faults = answers.flatMap((answer, at) =>
      faultsOf(answer, references[at] ?? '', references),
    );
    // These faults count even where the log cannot be read.
    if (faults.length > 0) return judge({ faults, holds: '', examined: answers.length });
    const lines = await context.logLines(references.filter((reference) => reference !== ''));
    const timesLogged = references.map(
      (reference) => lines.filter((line) => line.includes(reference)).length,
    );
    const unlogged = timesLogged.filter((times) => times !== 1).length;
    if (unlogged > 0 && context.site.answersHere)
      faults.push(
        `${unlogged} of ${references.length} request IDs are not in the log exactly once.`,
      );
    const known = context.site.answersHere ? answers.length : answers.length - unlogged;
    const holds = `${answers.length} of ${answers.length} invalid requests got a generic response with a request ID that is in the log once.`;
    return judge({ faults, holds, examined: known, population: answers.length });
  },
  controls: [
    onFirst('stack trace in a response', ({ body }) => ({
      body: body.replace('{', `{"stack":${JSON.stringify(stack)},`),
    })),
    onFirst('query in a response', ({ body }) => ({
      body: body.replace('{', '{"cause":"SELECT id FROM accounts WHERE email = ?",'),
    })),
    onFirst('response without a request ID', ({ body }) => ({
      body: body.replace('"reference"', '"nothing"'),
    })),
    onFirst('HTML page in place of a problem', ({ headers }) => ({
      headers: { ...headers, 'content-type': 'text/html' },
    })),
    {
      where: 'same request ID in every response',
      tamper: answering('', ({ body }) => ({
        body: body.replace(/"reference":"[^"]*"/, '"reference":"0000"'),
      })),
    },
    {
      where: 'error not logged',
      tamper: { logLines: () => [] },
      on: ({ answersHere }) => answersHere,
    },
    {
      where: 'error logged twice',
      tamper: { logLines: (lines) => [...lines, ...lines] },
      on: ({ answersHere }) => answersHere,
    },
  ],
};

/** Invalid requests that cost neither an account nor an attempt, with the status that each must have. */
async function makeMistakes(canary: Canary, word: string): Promise<CheckResponse[]> {
  const post = (raw: CheckRequest['raw']): CheckRequest => ({
    method: 'POST',
    path: '/api/sign-in',
    ...(raw && { raw }),
  });
  const mistakes: { request: CheckRequest; status: number }[] = [
    { request: post({ type: 'application/json', text: '{"email":' }), status: 400 },
    { request: { method: 'GET', path: `/api/${word}` }, status: 404 },
    { request: post({ type: 'text/plain', text: 'email=a' }), status: 415 },
    {
      request: post({ type: 'application/json', text: `{"email":["${word}"],"$where":"1"}` }),
      status: 422,
    },
    { request: { method: 'GET', path: '/api/session' }, status: 401 },
  ];
  const answers: CheckResponse[] = [];
  for (const { request, status } of mistakes)
    answers.push(expectProblem(await canary.send(request), status));
  return answers;
}

function expectProblem(answer: CheckResponse, status: number): CheckResponse {
  return answer.status === 500 ? answer : expectStatus(answer, status);
}

function faultsOf(
  answer: CheckResponse,
  reference: string,
  references: readonly string[],
): string[] {
  const where = `The ${answer.status} response`;
  return [
    !answer.headers['content-type']?.startsWith('application/problem+json') &&
      `${where} is not problem+json.`,
    problemOf(answer) === null && `${where} names no problem.`,
    reference === '' && `${where} has no request ID.`,
    references.filter((one) => one === reference).length > 1 &&
      `${where} has the same request ID as another response.`,
    ...leakedInternals(answer.body).map((what) => `${where} shows ${what}.`),
  ].filter((fault) => fault !== false);
}

function onFirst(
  where: string,
  change: (answer: CheckResponse) => Partial<CheckResponse>,
): Control {
  return { where, tamper: answering('/sign-in', change, { nth: 0 }) };
}
