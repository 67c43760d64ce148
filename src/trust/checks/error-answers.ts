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
  title: 'What is refused is answered in general words, with a reference that the log knows',
  method: 'TEST',
  vantage: 'black-box',
  ...oftenFromOutside,
  limits: 'It makes mistakes that anybody can make. Errors deep inside are tried on a twin.',
  byHand: {
    command: (origin) => `curl -si ${origin}/api/nowhere`,
    expect:
      'Status 404, a general sentence and a reference; no stack, no path of a file, no query.',
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
        `${unlogged} of ${references.length} references are not in the log exactly once.`,
      );
    const known = context.site.answersHere ? answers.length : answers.length - unlogged;
    const holds = `${answers.length} of ${answers.length} mistakes got a general answer and a reference that stands in the log once.`;
    return judge({ faults, holds, examined: known, population: answers.length });
  },
  controls: [
    onFirst('that answers with a stack', ({ body }) => ({
      body: body.replace('{', `{"stack":${JSON.stringify(stack)},`),
    })),
    onFirst('that answers with its query', ({ body }) => ({
      body: body.replace('{', '{"cause":"SELECT id FROM accounts WHERE email = ?",'),
    })),
    onFirst('that gives no reference', ({ body }) => ({
      body: body.replace('"reference"', '"nothing"'),
    })),
    onFirst('that answers a page instead', ({ headers }) => ({
      headers: { ...headers, 'content-type': 'text/html' },
    })),
    {
      where: 'that gives everybody the same reference',
      tamper: answering('', ({ body }) => ({
        body: body.replace(/"reference":"[^"]*"/, '"reference":"0000"'),
      })),
    },
    {
      where: 'that logs nothing',
      tamper: { logLines: () => [] },
      on: ({ answersHere }) => answersHere,
    },
    {
      where: 'that logs everything twice',
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
  const mistakes: { ask: CheckRequest; status: number }[] = [
    { ask: post({ type: 'application/json', text: '{"email":' }), status: 400 },
    { ask: { method: 'GET', path: `/api/${word}` }, status: 404 },
    { ask: post({ type: 'text/plain', text: 'email=a' }), status: 415 },
    {
      ask: post({ type: 'application/json', text: `{"email":["${word}"],"$where":"1"}` }),
      status: 422,
    },
    { ask: { method: 'GET', path: '/api/session' }, status: 401 },
  ];
  const answers: CheckResponse[] = [];
  for (const { ask, status } of mistakes)
    answers.push(expectRefusal(await canary.send(ask), status));
  return answers;
}

function expectRefusal(answer: CheckResponse, status: number): CheckResponse {
  return answer.status === 500 ? answer : expectStatus(answer, status);
}

function faultsOf(
  answer: CheckResponse,
  reference: string,
  references: readonly string[],
): string[] {
  const where = `The answer ${answer.status}`;
  return [
    !answer.headers['content-type']?.startsWith('application/problem+json') &&
      `${where} is no problem+json.`,
    problemOf(answer) === null && `${where} names no problem.`,
    reference === '' && `${where} has no reference.`,
    references.filter((one) => one === reference).length > 1 &&
      `${where} shares its reference with another.`,
    ...leakedInternals(answer.body).map((what) => `${where} shows ${what}.`),
  ].filter((fault) => fault !== false);
}

function onFirst(
  where: string,
  change: (answer: CheckResponse) => Partial<CheckResponse>,
): Control {
  return { where, tamper: answering('/sign-in', change, { nth: 0 }) };
}
