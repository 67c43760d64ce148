import { signUp, tryCode } from '../probe/canary.ts';
import type { TestInstanceContext } from '../probe/check-context.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import { contradicts, expectStatus, type CheckResponse } from '../probe/exchange.ts';
import { answeringStatus } from './support/tamper.ts';

const second = 1_000;
const minute = 60 * second;
const lifetime = 10 * minute;

/** ASVS 6.5.5, 6.6.2. */
export const codeLifetime: Check = {
  id: 'code-lifetime',
  version: '2',
  title:
    'A code is alive after 9:59 minutes and dead after 10:01, and as soon as another one is sent',
  method: 'TEST',
  vantage: 'test-instance',
  ...fourTimesADay,
  limits:
    'The clock is the twin’s own: it shows what this code does with time, not that this server’s clock goes right.',
  async examine(context) {
    const testInstance = context.testInstance();
    const [early, late] = [await testInstance.canary(), await testInstance.canary()];
    const challenges = { early: await signUp(early), late: await signUp(late) };
    const codes = { early: await early.nextCode(), late: await late.nextCode() };
    testInstance.pass(lifetime - second);
    const alive = await tryCode(early, challenges.early, codes.early);
    testInstance.pass(2 * second);
    const dead = await tryCode(late, challenges.late, codes.late);
    const untimely = [
      contradicts(alive, 200) &&
        `A code was answered ${alive.status} a second before its ten minutes were over.`,
      contradicts(dead, 410) &&
        `A code was answered ${dead.status} a second after its ten minutes were over.`,
    ].filter((fault) => fault !== false);
    // If the clock does not advance, no second code is sent.
    if (untimely.length > 0) return judge({ faults: untimely, holds: '', examined: 2 });

    const { before, last } = await replaceCode(testInstance);
    const faults = [
      contradicts(before, 422) &&
        `A code was answered ${before.status} after another one was sent.`,
      contradicts(last, 200) && `The code that was sent last was answered ${last.status}.`,
    ].filter((fault) => fault !== false);
    const holds =
      'One was taken a second before ten minutes, another refused a second after them, a third as soon as a newer one was sent.';
    return judge({ faults, needs: [alive, dead, before, last], holds, examined: 4 });
  },
  controls: [
    {
      where: 'whose codes live on',
      tamper: answeringStatus('/verify', 200, { visitor: 'twin 1, canary 2' }),
    },
    {
      where: 'whose codes live on beside newer ones',
      tamper: answeringStatus('/verify', 200, { visitor: 'twin 1, canary 3', nth: 0 }),
    },
    {
      where: 'whose newer codes are of no use',
      tamper: answeringStatus('/verify', 422, { visitor: 'twin 1, canary 3', nth: 1 }),
    },
    {
      where: 'whose codes die early',
      tamper: answeringStatus('/verify', 410, { visitor: 'twin 1, canary 1' }),
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
