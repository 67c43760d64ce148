import { second, minute } from '../../clock.ts';
import { signUp, tryCode } from '../probe/canary.ts';
import type { TestInstanceContext } from '../probe/check-context.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import { contradicts, expectStatus, type CheckResponse } from '../probe/exchange.ts';
import { answeringStatus } from './support/tamper.ts';

const lifetime = 10 * minute;

/** ASVS 6.5.5, 6.6.2. */
export const codeLifetime: Check = {
  id: 'code-lifetime',
  version: '2',
  title:
    'A code is valid after 9:59 minutes and expired after 10:01, and a newer code invalidates it',
  method: 'TEST',
  vantage: 'test-instance',
  ...fourTimesADay,
  limits: 'The accuracy of this server’s clock',
  async examine(context) {
    const testInstance = context.testInstance();
    const [early, late] = [await testInstance.canary(), await testInstance.canary()];
    const challenges = { early: await signUp(early), late: await signUp(late) };
    const codes = { early: await early.nextCode(), late: await late.nextCode() };
    testInstance.pass(lifetime - second);
    const valid = await tryCode(early, challenges.early, codes.early);
    testInstance.pass(2 * second);
    const dead = await tryCode(late, challenges.late, codes.late);
    const untimely = [
      contradicts(valid, 200) && `A code returned ${valid.status} one second before it expires.`,
      contradicts(dead, 410) && `A code returned ${dead.status} one second after it expired.`,
    ].filter((fault) => fault !== false);
    // If the clock does not advance, no second code is sent.
    if (untimely.length > 0) return judge({ faults: untimely, holds: '', examined: 2 });

    const { before, last } = await replaceCode(testInstance);
    const faults = [
      contradicts(before, 422) && `A code returned ${before.status} after a newer one was sent.`,
      contradicts(last, 200) && `The newest code returned ${last.status}.`,
    ].filter((fault) => fault !== false);
    const holds =
      'A code was accepted one second before ten minutes had passed, another was rejected one second after, and a third was rejected once a newer one was sent.';
    return judge({ faults, needs: [valid, dead, before, last], holds, examined: 4 });
  },
  controls: [
    {
      where: 'code valid after ten minutes',
      tamper: answeringStatus('/verify', 200, { visitor: 'test instance 1, canary 2' }),
    },
    {
      where: 'code valid after a newer one was sent',
      tamper: answeringStatus('/verify', 200, { visitor: 'test instance 1, canary 3', nth: 0 }),
    },
    {
      where: 'newest code rejected',
      tamper: answeringStatus('/verify', 422, { visitor: 'test instance 1, canary 3', nth: 1 }),
    },
    {
      where: 'code expired too early',
      tamper: answeringStatus('/verify', 410, { visitor: 'test instance 1, canary 1' }),
    },
  ],
};

/** Requests a second code as soon as it is allowed, and tries the first one and then the second. */
async function replaceCode(
  testInstance: TestInstanceContext,
): Promise<{ before: CheckResponse; last: CheckResponse }> {
  const canary = await testInstance.canary();
  const challenge = await signUp(canary);
  const first = await canary.nextCode();
  testInstance.pass(minute + second);
  expectStatus(
    await canary.send({ method: 'POST', path: `/api/challenges/${challenge}/resend` }),
    202,
  );
  const newer = await canary.nextCode();
  return {
    before: await tryCode(canary, challenge, first),
    last: await tryCode(canary, challenge, newer),
  };
}
