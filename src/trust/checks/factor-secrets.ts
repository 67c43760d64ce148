import { becomeMember } from '../probe/canary.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import { contradicts, expectStatus, Hindered, saysSomething, text } from '../probe/exchange.ts';
import type { Tamper } from '../probe/recording.ts';
import { formsOf, shows } from './support/password-walk.ts';
import {
  codeOf,
  enrol,
  giveAtOnce,
  giveCode,
  giveRecoveryCode,
  step,
  takingCodes,
} from './support/second-factor.ts';
import { answering } from './support/tamper.ts';

const crowd = 3;

/** ASVS 6.5.1, 6.5.2, 6.5.5, 11.4.1, 13.3.1; RFC 6238 §5.2. */
export const factorSecrets: Check = {
  id: 'factor-secrets',
  version: '2',
  title:
    'A code of an authenticator app counts once and for a minute at most, a recovery code once, and neither they nor the app’s secret are handed to the database or the log',
  method: 'TEST',
  vantage: 'test-instance',
  ...fourTimesADay,
  limits:
    'It reads what the twin hands to its database, before any adapter, and its log. Single use in the database of the running deployment is tried by another check. That an app and its device are in their owner’s hands alone cannot be seen from here.',
  async examine(context) {
    const testInstance = context.testInstance();
    const canary = await becomeMember(await testInstance.canary());
    const { secret, code: enrolled, recoveryCode } = await enrol(canary, () => testInstance.now());
    const enrolledAgain = await giveCode(canary, enrolled);

    testInstance.pass(6 * step);
    // Newer than any code that was used, so only its age can be the reason for a refusal.
    const late = await giveCode(canary, codeOf(secret, testInstance.now(), -4));
    const code = codeOf(secret, testInstance.now());
    const atOnce = await giveAtOnce(canary, code, crowd);
    const again = await giveCode(canary, code);
    const recovered = expectStatus(await giveRecoveryCode(canary, recoveryCode), 200);
    const recoveredAgain = await giveRecoveryCode(canary, recoveryCode);

    const words = [
      ...formsOf([secret]),
      ...formsOf([recoveryCode, recoveryCode.replaceAll('-', '')]),
      ...rawFormsOf(secret),
    ];
    const handed = await testInstance.handedToStore([...words, canary.email]);
    const lines = await testInstance.logLines(words);
    const owned = handed.filter((one) => one.includes(canary.email)).length;
    const taken = atOnce.filter(({ status }) => status === 200).length;
    const faults = [
      contradicts(enrolledAgain, 422) &&
        `The code that an app was added with was answered ${enrolledAgain.status} when it came again.`,
      taken > 1 && `One code of an app, given ${crowd} times at once, was taken ${taken} times.`,
      contradicts(again, 422) && `A code that was used was answered ${again.status}.`,
      contradicts(late, 422) && `A code two minutes old was answered ${late.status}.`,
      contradicts(recoveredAgain, 422) &&
        `A recovery code that was used was answered ${recoveredAgain.status}.`,
      shows(handed, words) > 0 &&
        `A secret or a recovery code was handed to the database ${shows(handed, words)} times.`,
      lines.length > 0 && `A secret or a recovery code stands in ${lines.length} lines of the log.`,
    ].filter((fault) => fault !== false);
    if (faults.length === 0 && (taken === 0 || owned === 0 || !atOnce.every(saysSomething)))
      throw new Hindered('Not everything that was tried was weighed.');
    const holds = `Of ${crowd} tries with one code at once one was taken; used codes, one of two minutes ago and a used recovery code were refused. The address of their owner was handed to the database ${owned} times, the secret and the recovery code not once.`;
    return judge({
      faults,
      needs: [enrolledAgain, again, late, recovered, recoveredAgain],
      holds,
      examined: crowd + 5,
    });
  },
  controls: [
    { where: 'that takes the first code again', tamper: takingCodes(0) },
    { where: 'that takes a code as often as it comes at once', tamper: takingCodes(2, crowd + 1) },
    { where: 'that takes a used code', tamper: takingCodes(crowd + 2) },
    { where: 'that takes an old code', tamper: takingCodes(1) },
    { where: 'that takes a recovery code twice', tamper: takingCodes(crowd + 4) },
    { where: 'that keeps the secret as it is', tamper: handing((secret) => secret) },
    {
      where: 'that keeps the secret in base64',
      tamper: handing((secret) => Buffer.from(secret).toString('base64')),
    },
  ],
};

/** Negative control: passes the secret to the database in this form. */
function handing(form: (secret: string) => string): () => Tamper {
  return () => {
    let secret = '';
    const listen = answering('/api/factors/totp', (answer) => {
      secret = text(answer, 'secret');
      return {};
    });
    return { ...listen, handedToStore: (handed) => [...handed, form(secret)] };
  };
}

/** The bytes of the base32 secret in raw forms. RFC 4648. */
function rawFormsOf(secret: string): string[] {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret]
    .map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  return [
    bytes.toString('hex'),
    bytes.toString('base64').replaceAll('=', ''),
    bytes.toString('base64url'),
  ];
}
