import { contradicts, expectStatus, Hindered, Inconclusive, nameOf, type Answer } from '../answer.ts';
import { becomeMember } from '../canary.ts';
import { fourTimesADay, judge, type Check } from '../check.ts';
import { codeOf, enrol, giveAtOnce, giveCode, giveRecoveryCode, step, takingCodes } from '../second-factor.ts';

const crowd = 3;
const tries = crowd + 4;

/**
 * Codes of one step before and one step after are taken, too, so the code of the next step is newer than the one that the app
 * was added with, and nothing has to be waited for. ASVS 6.5.1; RFC 6238 §5.2.
 */
export const factorSingleUse: Check = {
  id: 'factor-single-use',
  version: '1',
  title: 'Where people sign in, the database takes a code of an authenticator app once, also all at once, and a recovery code once',
  method: 'TEST',
  vantage: 'outside',
  ...fourTimesADay,
  limits: 'Passkeys. How long a code is taken, and what is stored of it, is tried on a twin, whose clock can be moved.',
  byHand: {
    command: (origin) => `for try in 1 2; do curl -s ${origin}/api/session/confirm -H 'Content-Type: application/json' -H 'Sec-Fetch-Site: same-origin' -H 'Cookie: YOUR COOKIE' -d '{"method":"totp","code":"CODE"}'; done`,
    expect: 'With a code that your app shows and that you have not given yet: the first is taken, the second answers wrong-code.',
  },
  async examine(eyes) {
    const canary = await becomeMember(await eyes.canary());
    const { secret, code: enrolled, at, recoveryCode } = await enrol(canary, timeOf);
    const enrolledAgain = await giveCode(canary, enrolled);
    const code = codeOf(secret, at, 1);
    const atOnce = await giveAtOnce(canary, code, crowd);
    const again = await giveCode(canary, code);
    const recovered = expectStatus(await giveRecoveryCode(canary, recoveryCode), 200);
    const recoveredAgain = await giveRecoveryCode(canary, recoveryCode);

    const taken = atOnce.filter(({ status }) => status === 200).length;
    const faults = [
      contradicts(enrolledAgain, 422) && `The code that an app was added with was answered ${enrolledAgain.status} when it came again.`,
      taken > 1 && `One code of an app, given ${crowd} times at once, was taken ${taken} times.`,
      contradicts(again, 422) && `A code that was used was answered ${again.status}.`,
      contradicts(recoveredAgain, 422) && `A recovery code that was used was answered ${recoveredAgain.status}.`,
    ].filter((fault) => fault !== false);
    // What is refused for its age proves nothing.
    if (faults.length === 0 && (stepsBetween(at, enrolledAgain) > 1 || stepsBetween(at, again) > 2)) throw new Hindered('A code grew too old before it came again.');
    const holds = `Of ${crowd} sign-ins with one code at once one was let in; the code that the app was added with, a used code and a used recovery code were refused while they would have been good.`;
    return judge({ faults, needs: [enrolledAgain, ...atOnce, again, recovered, recoveredAgain], holds, examined: taken === 0 ? 0 : tries, population: tries });
  },
  controls: [
    { where: 'that takes the first code again', tamper: takingCodes(0) },
    { where: 'that takes a code as often as it comes at once', tamper: takingCodes(1, crowd) },
    { where: 'that takes a used code', tamper: takingCodes(crowd + 1) },
    { where: 'that takes a recovery code twice', tamper: takingCodes(crowd + 3) },
  ],
};

/** By the deployment’s own clock, which may differ from that of whoever looks. RFC 9110 §6.6.1. @throws Inconclusive */
function timeOf(answer: Answer): Date {
  const time = new Date(answer.headers['date'] ?? '');
  if (Number.isNaN(time.getTime())) throw new Inconclusive(`${nameOf(answer)} answered without the time.`);
  return time;
}

function stepsBetween(start: Date, answer: Answer): number {
  const stepOf = (time: Date) => Math.floor(time.getTime() / step);
  return stepOf(timeOf(answer)) - stepOf(start);
}
