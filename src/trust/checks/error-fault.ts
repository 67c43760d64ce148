import { trySignIn } from '../probe/canary.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import { Inconclusive, problemOf, referenceOf, type CheckResponse } from '../probe/exchange.ts';
import { leakedInternals } from './support/leaked-internals.ts';
import { answering } from './support/tamper.ts';

/** ASVS 16.5.1, 16.5.4. */
export const errorFault: Check = {
  id: 'error-fault',
  version: '1',
  title: 'The cause of an internal error is in the log and nowhere else',
  method: 'TEST',
  vantage: 'test-instance',
  ...fourTimesADay,
  limits: 'Failures of components other than the database',
  async examine(context) {
    const marker = await context.word();
    const testInstance = context.testInstance({ broken: marker });
    const answer = await trySignIn(await testInstance.canary(), {
      email: 'nobody@test-instance.canary.invalid',
      password: 'not the password of anybody',
    });
    const reference = referenceOf(answer);
    const lines = reference === '' ? [] : await testInstance.logLines([reference]);

    if (answer.status < 500)
      throw new Inconclusive(
        `The test instance returned ${answer.status} although its database was broken.`,
      );
    const faults = [
      ...faultsOf(answer, marker),
      ...(reference === '' ? ['The response has no request ID.'] : []),
      ...(lines.length === 1 ? [] : [`The request ID is in the log ${lines.length} times.`]),
      ...(lines.some((line) => line.includes(marker))
        ? []
        : ['The log does not name the cause under the request ID.']),
    ];
    return judge({
      faults,
      holds: 'The response was generic, and its request ID led to the one log line with the cause.',
      examined: 1,
    });
  },
  controls: [
    {
      where: 'cause in the response',
      tamper: answering('', ({ body }) => ({
        body: body.replace('{', '{"cause":"SQLITE_IOERR: disk I/O error",'),
      })),
    },
    {
      where: 'stack trace in the response',
      tamper: answering('', ({ body }) => ({
        body: `${body}\n    at consumeLimit (limits.js:1:1)`,
      })),
    },
    {
      where: 'response without a request ID',
      tamper: answering('', () => ({ body: '{"type":"/problems/internal"}' })),
    },
    {
      where: 'log line without the cause',
      tamper: { logLines: (lines) => lines.map((line) => line.replaceAll(/[0-9a-f]{32}/g, '')) },
    },
    { where: 'error logged twice', tamper: { logLines: (lines) => [...lines, ...lines] } },
    { where: 'error not logged', tamper: { logLines: () => [] } },
  ],
};

function faultsOf(answer: CheckResponse, marker: string): string[] {
  return [
    answer.status !== 500 && `An internal error returned ${answer.status}.`,
    !answer.headers['content-type']?.startsWith('application/problem+json') &&
      'The response is not problem+json.',
    problemOf(answer) !== 'internal' && 'The response does not have the type internal.',
    answer.body.includes(marker) && 'The response shows the message of the error.',
    ...leakedInternals(answer.body).map((what) => `The response shows ${what}.`),
  ].filter((fault) => fault !== false);
}
