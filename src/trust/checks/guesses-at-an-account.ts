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
  title: 'After ten wrong passwords an address is shut for a while, whoever guesses',
  method: 'TEST',
  vantage: 'black-box',
  ...fourTimesADay,
  limits:
    'It guesses at an address without an account, which is answered like any other. Floods of traffic are for whatever stands in front.',
  async examine(context) {
    const { email } = await context.canary();
    const weighed: CheckResponse[] = [];
    for (let n = 0; n < guesses; n += 1) weighed.push(await guessAt(context, email));
    const shut = await guessAt(context, email);
    const neighbour = await guessAt(context, (await context.canary()).email);
    const faults = [
      ...weighed
        .filter((answer) => contradicts(answer, 401))
        .map(({ status }) => `A wrong password was answered ${status}.`),
      ...(shut.status === 429
        ? []
        : [
            `The wrong password number ${guesses + 1}, from one more visitor, was answered ${shut.status}.`,
          ]),
      ...(shut.status === 429 && !isWait(shut)
        ? [`${nameOf(shut)} was refused without the seconds to wait.`]
        : []),
    ];
    const from = context.site.answersHere
      ? `${guesses + 1} addresses`
      : 'one address that said each time to be another';
    const holds = `${guesses} of ${guesses} wrong passwords were weighed and the next one was refused, from ${from}; another account was not shut with it.`;
    return judge({ faults, needs: [...weighed, neighbour], holds, examined: guesses + 2 });
  },
  controls: [
    {
      where: 'that goes on weighing guesses',
      tamper: answering('/sign-in', ({ status }) => ({ status: status === 429 ? 401 : status })),
    },
    {
      where: 'that says nothing of how long to wait',
      tamper: answering('/sign-in', (answer) => ({
        headers: withoutHeader(answer, 'retry-after'),
      })),
    },
    {
      where: 'that takes the tenth guess',
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
