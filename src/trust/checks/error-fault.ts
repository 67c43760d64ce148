import { trySignIn } from '../probe/canary.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import { Inconclusive, problemOf, referenceOf, type CheckResponse } from '../probe/exchange.ts';
import { leakedInternals } from './support/leaked-internals.ts';
import { answering } from './support/tamper.ts';

/** ASVS 16.5.1, 16.5.4. */
export const errorFault: Check = {
  id: 'error-fault',
  version: '1',
  title: 'When something breaks inside, the cause is in the log and nowhere else',
  method: 'TEST',
  vantage: 'test-instance',
  ...fourTimesADay,
  limits: 'The database is what breaks in the twin. Other parts could break in other ways.',
  async examine(context) {
    const marker = await context.word();
    const testInstance = context.testInstance({ broken: marker });
    const answer = await trySignIn(await testInstance.canary(), {
      email: 'nobody@twin.canary.invalid',
      password: 'not the password of anybody',
    });
    const reference = referenceOf(answer);
    const lines = reference === '' ? [] : await testInstance.logLines([reference]);

    if (answer.status < 500)
      throw new Inconclusive(`The twin answered ${answer.status} although its store was broken.`);
    const faults = [
      ...faultsOf(answer, marker),
      ...(reference === '' ? ['The answer has no reference.'] : []),
      ...(lines.length === 1 ? [] : [`The reference is in the log ${lines.length} times.`]),
      ...(lines.some((line) => line.includes(marker))
        ? []
        : ['The log does not have the cause under the reference.']),
    ];
    return judge({
      faults,
      holds:
        'The answer was general, and its reference led to the one line of the log that has the cause.',
      examined: 1,
    });
  },
  controls: [
    {
      where: 'that answers what broke',
      tamper: answering('', ({ body }) => ({
        body: body.replace('{', '{"cause":"SQLITE_IOERR: disk I/O error",'),
      })),
    },
    {
      where: 'that answers the stack',
      tamper: answering('', ({ body }) => ({
        body: `${body}\n    at consumeLimit (limits.js:1:1)`,
      })),
    },
    {
      where: 'that gives no reference',
      tamper: answering('', () => ({ body: '{"type":"/problems/internal"}' })),
    },
    {
      where: 'that logs the reference without the cause',
      tamper: { logLines: (lines) => lines.map((line) => line.replaceAll(/[0-9a-f]{32}/g, '')) },
    },
    { where: 'that logs it twice', tamper: { logLines: (lines) => [...lines, ...lines] } },
    { where: 'that logs nothing', tamper: { logLines: () => [] } },
  ],
};

function faultsOf(answer: CheckResponse, marker: string): string[] {
  return [
    answer.status !== 500 && `A breakdown was answered ${answer.status}.`,
    !answer.headers['content-type']?.startsWith('application/problem+json') &&
      'The answer is no problem+json.',
    problemOf(answer) !== 'internal' && 'The answer does not call it internal.',
    answer.body.includes(marker) && 'The answer shows the message of what broke.',
    ...leakedInternals(answer.body).map((what) => `The answer shows ${what}.`),
  ].filter((fault) => fault !== false);
}
