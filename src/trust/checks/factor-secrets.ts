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
    'Authenticator codes work once and for a minute at most, recovery codes work once, and no code or secret reaches the database or the log in plaintext',
  method: 'TEST',
  vantage: 'test-instance',
  ...fourTimesADay,
  limits:
    'Who has the device with the app, and single use on the running deployment, which another check tests',
  async examine(context) {
    const testInstance = context.testInstance();
    const canary = await becomeMember(await testInstance.canary());
    const { secret, code: enrolled, recoveryCode } = await enrol(canary, () => testInstance.now());
    const enrolledAgain = await giveCode(canary, enrolled);

    testInstance.pass(6 * step);
    // Newer than any code that was used, so the server can reject it only for its age.
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
        `The code from the setup of an app returned ${enrolledAgain.status} when it was used again.`,
      taken > 1 &&
        `One authenticator code, sent ${crowd} times in parallel, was accepted ${taken} times.`,
      contradicts(again, 422) && `A used authenticator code returned ${again.status}.`,
      contradicts(late, 422) && `An authenticator code two minutes old returned ${late.status}.`,
      contradicts(recoveredAgain, 422) && `A used recovery code returned ${recoveredAgain.status}.`,
      shows(handed, words) > 0 &&
        `A secret or a recovery code was passed to the database ${shows(handed, words)} times.`,
      lines.length > 0 && `A secret or a recovery code is in ${lines.length} log lines.`,
    ].filter((fault) => fault !== false);
    if (faults.length === 0 && (taken === 0 || owned === 0 || !atOnce.every(saysSomething)))
      throw new Hindered('Not every code that was sent was compared.');
    const holds = `Of ${crowd} parallel attempts with one code, one was accepted. Used codes, a code two minutes old and a used recovery code were rejected. The owner’s email address was passed to the database ${owned} times, the secret and the recovery code never.`;
    return judge({
      faults,
      needs: [enrolledAgain, again, late, recovered, recoveredAgain],
      holds,
      examined: crowd + 5,
    });
  },
  controls: [
    { where: 'setup code accepted again', tamper: takingCodes(0) },
    { where: 'code accepted several times in parallel', tamper: takingCodes(2, crowd + 1) },
    { where: 'used authenticator code accepted', tamper: takingCodes(crowd + 2) },
    { where: 'expired authenticator code accepted', tamper: takingCodes(1) },
    { where: 'used recovery code accepted', tamper: takingCodes(crowd + 4) },
    { where: 'secret stored in plaintext', tamper: handing((secret) => secret) },
    {
      where: 'secret stored in base64',
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
