import { becomeMember, cookieHeaderOf, trySignIn } from '../probe/canary.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import { contradicts, expectStatus, type CheckResponse } from '../probe/exchange.ts';
import { answeringStatus } from './support/tamper.ts';

const guesses = 10;

/**
 * A browser that signed in before has guesses of its own, so strangers cannot block the account owner. ASVS 6.3.1,
 * 6.3.3.
 */
export const guessesByDevice: Check = {
  id: 'guesses-by-device',
  version: '1',
  title:
    'Only a browser that signed in to the account has its own guesses, not a copy of replaced cookies',
  method: 'TEST',
  vantage: 'test-instance',
  ...fourTimesADay,
  limits: 'Copied cookies that are used before their browser signs in again',
  async examine(context) {
    const testInstance = context.testInstance();
    const owner = await becomeMember(await testInstance.canary());
    const copied = cookieHeaderOf(owner);
    expectStatus(await trySignIn(owner, owner), 200);
    const other = await becomeMember(await testInstance.canary());
    const thief = await testInstance.canary();
    const guess = (cookie: string | null) =>
      thief.sendAs(cookie, {
        method: 'POST',
        path: '/api/sign-in',
        json: { email: owner.email, password: thief.password },
      });

    const weighed: CheckResponse[] = [];
    for (let n = 0; n < guesses; n += 1) weighed.push(await guess(null));
    const [withCopy, ofOther, ofOwner] = [
      await guess(copied),
      await guess(cookieHeaderOf(other)),
      await guess(cookieHeaderOf(owner)),
    ];
    const faults = [
      contradicts(withCopy, 429) &&
        `With a copy of replaced cookies, wrong password number ${guesses + 1} returned ${withCopy.status}.`,
      contradicts(ofOther, 429) &&
        `With the cookies of another account, wrong password number ${guesses + 1} returned ${ofOther.status}.`,
    ].filter((fault) => fault !== false);
    if (faults.length === 0) {
      for (const answer of [withCopy, ofOther]) expectStatus(answer, 429);
      // If no browser has guesses of its own, it proves nothing that a copy has none.
      expectStatus(ofOwner, 401);
    }
    const holds = `After ${guesses} wrong passwords, the next one was rejected with a copy of replaced cookies and with the cookies of another account. In the owner’s browser it was still compared.`;
    return judge({ faults, needs: weighed, holds, examined: guesses + 3 });
  },
  controls: [
    {
      where: 'extra guesses for a copy of replaced cookies',
      tamper: answeringStatus('/sign-in', 401, {
        visitor: 'test instance 1, canary 3 ',
        nth: guesses,
      }),
    },
    {
      where: 'extra guesses for the browser of another account',
      tamper: answeringStatus('/sign-in', 401, {
        visitor: 'test instance 1, canary 3 ',
        nth: guesses + 1,
      }),
    },
  ],
};
