import { becomeMember } from '../probe/canary.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import {
  contradicts,
  expectStatus,
  Hindered,
  Inconclusive,
  nameOf,
  type CheckResponse,
} from '../probe/exchange.ts';
import {
  codeOf,
  enrol,
  giveAtOnce,
  giveCode,
  giveRecoveryCode,
  step,
  takingCodes,
} from './support/second-factor.ts';

const crowd = 3;
const tries = crowd + 4;

/**
 * Enrols with the code of the current time step and signs in with the code of the next one. Both are within the
 * tolerance of one step, so the check never waits. ASVS 6.5.1; RFC 6238 §5.2.
 */
export const factorSingleUse: Check = {
  id: 'factor-single-use',
  version: '1',
  title:
    'On the running deployment, recovery codes and authenticator codes work once, even in parallel',
  method: 'TEST',
  vantage: 'black-box',
  ...fourTimesADay,
  limits:
    'Passkeys, and how long a code is valid and what is stored of it, which a check on a test instance tests',
  async examine(context) {
    const canary = await becomeMember(await context.canary());
    const { secret, code: enrolled, at, recoveryCode } = await enrol(canary, timeOf);
    const enrolledAgain = await giveCode(canary, enrolled);
    const code = codeOf(secret, at, 1);
    const atOnce = await giveAtOnce(canary, code, crowd);
    const again = await giveCode(canary, code);
    const recovered = expectStatus(await giveRecoveryCode(canary, recoveryCode), 200);
    const recoveredAgain = await giveRecoveryCode(canary, recoveryCode);

    const taken = atOnce.filter(({ status }) => status === 200).length;
    const faults = [
      contradicts(enrolledAgain, 422) &&
        `The code from the setup of an app returned ${enrolledAgain.status} when it was used again.`,
      taken > 1 &&
        `One authenticator code, sent ${crowd} times in parallel, was accepted ${taken} times.`,
      contradicts(again, 422) && `A used authenticator code returned ${again.status}.`,
      contradicts(recoveredAgain, 422) && `A used recovery code returned ${recoveredAgain.status}.`,
    ].filter((fault) => fault !== false);
    // A code that is refused because it expired proves nothing.
    if (faults.length === 0 && (stepsBetween(at, enrolledAgain) > 1 || stepsBetween(at, again) > 2))
      throw new Hindered('A code expired before it could be used again.');
    const holds = `Of ${crowd} parallel sign-ins with one code, one succeeded. The setup code, a used code and a used recovery code were rejected, the authenticator codes while they were still valid.`;
    return judge({
      faults,
      needs: [enrolledAgain, ...atOnce, again, recovered, recoveredAgain],
      holds,
      examined: taken === 0 ? 0 : tries,
      population: tries,
    });
  },
  controls: [
    { where: 'setup code accepted again', tamper: takingCodes(0) },
    { where: 'code accepted several times in parallel', tamper: takingCodes(1, crowd) },
    { where: 'used authenticator code accepted', tamper: takingCodes(crowd + 1) },
    { where: 'used recovery code accepted', tamper: takingCodes(crowd + 3) },
  ],
};

/** The deployment’s clock, which may differ from the verifier’s. RFC 9110 §6.6.1. @throws Inconclusive */
function timeOf(answer: CheckResponse): Date {
  const time = new Date(answer.headers['date'] ?? '');
  if (Number.isNaN(time.getTime()))
    throw new Inconclusive(`${nameOf(answer)} returned no Date header.`);
  return time;
}

function stepsBetween(start: Date, answer: CheckResponse): number {
  const stepOf = (time: Date) => Math.floor(time.getTime() / step);
  return stepOf(timeOf(answer)) - stepOf(start);
}
