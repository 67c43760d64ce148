import type { CheckContext } from '../probe/check-context.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import { contradicts, nameOf, type CheckResponse } from '../probe/exchange.ts';
import { forgedOrigin, isWait } from './support/limited.ts';
import { answering, answeringStatus, withoutHeader } from './support/tamper.ts';

const guesses = 10;

/** ASVS 6.3.1; NIST SP 800-63B-4 §3.2.2. */
export const guessesAtAnAccount: Check = {
  id: 'guesses-at-an-account',
  version: '1',
  title: 'Ten wrong passwords exhaust the sign-in limit of an account, wherever they come from',
  method: 'TEST',
  vantage: 'black-box',
  ...fourTimesADay,
  limits: 'Email addresses that have an account, and denial of service',
  async examine(context) {
    const { email } = await context.canary();
    const weighed: CheckResponse[] = [];
    for (let n = 0; n < guesses; n += 1) weighed.push(await guessAt(context, email));
    const exhausted = await guessAt(context, email);
    const neighbour = await guessAt(context, (await context.canary()).email);
    const faults = [
      ...weighed
        .filter((answer) => contradicts(answer, 401))
        .map(({ status }) => `A wrong password returned ${status}.`),
      ...(exhausted.status === 429
        ? []
        : [
            `Wrong password number ${guesses + 1}, from another client, returned ${exhausted.status}.`,
          ]),
      ...(exhausted.status === 429 && !isWait(exhausted)
        ? [`${nameOf(exhausted)} was rejected without a Retry-After header.`]
        : []),
    ];
    const from = context.site.answersHere
      ? `${guesses + 1} IP addresses`
      : 'one IP address with a different forged one each time';
    const holds = `${guesses} of ${guesses} wrong passwords were compared and the next one was rejected, from ${from}. The limit of another account was not affected.`;
    return judge({ faults, needs: [...weighed, neighbour], holds, examined: guesses + 2 });
  },
  controls: [
    {
      where: 'no limit on wrong passwords',
      tamper: answering('/sign-in', ({ status }) => ({ status: status === 429 ? 401 : status })),
    },
    {
      where: 'rejection without Retry-After',
      tamper: answering('/sign-in', (answer) => ({
        headers: withoutHeader(answer, 'retry-after'),
      })),
    },
    {
      where: 'tenth guess accepted',
      tamper: answeringStatus('/sign-in', 200, { visitor: `canary ${guesses + 1} ` }),
    },
  ],
};

/** A new visitor each time, with another forged client address. */
async function guessAt(context: CheckContext, email: string): Promise<CheckResponse> {
  const guesser = await context.canary();
  return guesser.send({
    method: 'POST',
    path: '/api/sign-in',
    json: { email, password: guesser.password },
    headers: await forgedOrigin(context),
  });
}
