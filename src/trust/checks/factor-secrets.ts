import { generateSync } from 'otplib';
import { contradicts, expectStatus, Hindered, saysSomething, text, type Answer } from '../answer.ts';
import { becomeMember, trySignIn, type Canary } from '../canary.ts';
import { fourTimesADay, judge, type Check } from '../check.ts';
import type { TwinEyes } from '../eyes.ts';
import { formsOf, shows } from '../password-walk.ts';
import type { Tamper } from '../sight.ts';
import { answering, answeringStatus } from '../tamper.ts';

const step = 30_000;
const crowd = 3;
const secondFactor = '/api/sign-in/second-factor';

/** ASVS 6.5.1, 6.5.2, 6.5.5, 11.4.1, 13.3.1; RFC 6238 §5.2. */
export const factorSecrets: Check = {
  id: 'factor-secrets',
  version: '1',
  title: 'A code of an authenticator app counts once and for a minute at most, a recovery code once, and neither they nor the app’s secret are handed to the database or the log',
  method: 'TEST',
  vantage: 'inside, twin',
  ...fourTimesADay,
  limits: 'It reads what the twin hands to its database, before any adapter, and its log. That an app and its device are in their owner’s hands alone cannot be seen from here.',
  async examine(eyes) {
    const twin = eyes.twin();
    const canary = await becomeMember(await twin.canary());
    const { secret, enrolled, recoveryCode } = await enrol(twin, canary);
    const enrolledAgain = await giveCode(canary, enrolled);

    twin.pass(6 * step);
    // Newer than any that was given, so nothing but its age speaks against it.
    const late = await giveCode(canary, codeOf(twin, secret, -4 * step));
    const code = codeOf(twin, secret);
    const atOnce = await giveAtOnce(canary, code);
    const again = await giveCode(canary, code);
    const recovered = expectStatus(await giveRecoveryCode(canary, recoveryCode), 200);
    const recoveredAgain = await giveRecoveryCode(canary, recoveryCode);

    const words = [...formsOf([secret]), ...formsOf([recoveryCode, recoveryCode.replaceAll('-', '')]), ...rawFormsOf(secret)];
    const handed = await twin.handedToStore([...words, canary.email]);
    const lines = await twin.logLines(words);
    const owned = handed.filter((one) => one.includes(canary.email)).length;
    const taken = atOnce.filter(({ status }) => status === 200).length;
    const faults = [
      contradicts(enrolledAgain, 422) && `The code that an app was added with was answered ${enrolledAgain.status} when it came again.`,
      taken > 1 && `One code of an app, given ${crowd} times at once, was taken ${taken} times.`,
      contradicts(again, 422) && `A code that was used was answered ${again.status}.`,
      contradicts(late, 422) && `A code two minutes old was answered ${late.status}.`,
      contradicts(recoveredAgain, 422) && `A recovery code that was used was answered ${recoveredAgain.status}.`,
      shows(handed, words) > 0 && `A secret or a recovery code was handed to the database ${shows(handed, words)} times.`,
      lines.length > 0 && `A secret or a recovery code stands in ${lines.length} lines of the log.`,
    ].filter((fault) => fault !== false);
    if (faults.length === 0 && (taken === 0 || owned === 0 || !atOnce.every(saysSomething))) throw new Hindered('Not everything that was tried was weighed.');
    const holds = `Of ${crowd} tries with one code at once one was taken; used codes, one of two minutes ago and a used recovery code were refused. The address of their owner was handed to the database ${owned} times, the secret and the recovery code not once.`;
    return judge({ faults, needs: [enrolledAgain, again, late, recovered, recoveredAgain], holds, examined: crowd + 5 });
  },
  controls: [
    { where: 'that takes the first code again', tamper: answeringStatus(secondFactor, 200, { nth: 0 }) },
    { where: 'that takes a code as often as it comes at once', tamper: { answer: (answer, question) => (question.asked.endsWith(secondFactor) && question.nth > 1 && question.nth <= crowd + 1 ? { ...answer, status: 200 } : answer) } },
    { where: 'that takes a used code', tamper: answeringStatus(secondFactor, 200, { nth: crowd + 2 }) },
    { where: 'that takes an old code', tamper: answeringStatus(secondFactor, 200, { nth: 1 }) },
    { where: 'that takes a recovery code twice', tamper: answeringStatus(secondFactor, 200, { nth: crowd + 4 }) },
    { where: 'that keeps the secret as it is', tamper: handing((secret) => secret) },
    { where: 'that keeps the secret in base64', tamper: handing((secret) => Buffer.from(secret).toString('base64')) },
  ],
};

/** A twin that hands the database the secret in this form. */
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

async function enrol(twin: TwinEyes, canary: Canary): Promise<{ secret: string; enrolled: string; recoveryCode: string }> {
  const begun = expectStatus(await canary.send({ method: 'POST', path: '/api/factors/totp', json: {} }), 201);
  const secret = text(begun, 'secret');
  const enrolled = codeOf(twin, secret);
  const confirmed = await canary.send({ method: 'POST', path: '/api/factors/totp/confirm', json: { id: text(begun, 'factor', 'id'), code: enrolled } });
  return { secret, enrolled, recoveryCode: text(expectStatus(confirmed, 200), 'recoveryCodes', '0') };
}

function codeOf(twin: TwinEyes, secret: string, from = 0): string {
  return generateSync({ secret, epoch: Math.floor((twin.now().getTime() + from) / 1_000) });
}

async function halfSignedIn(canary: Canary): Promise<string> {
  return text(expectStatus(await trySignIn(canary, canary), 200), 'challenge', 'id');
}

async function giveCode(canary: Canary, code: string): Promise<Answer> {
  const challenge = await halfSignedIn(canary);
  return canary.send({ method: 'POST', path: secondFactor, json: { challenge, method: 'totp', code } });
}

async function giveRecoveryCode(canary: Canary, code: string): Promise<Answer> {
  const challenge = await halfSignedIn(canary);
  return canary.send({ method: 'POST', path: secondFactor, json: { challenge, method: 'recovery-code', code } });
}

async function giveAtOnce(canary: Canary, code: string): Promise<Answer[]> {
  const challenges: string[] = [];
  for (let n = 0; n < crowd; n += 1) challenges.push(await halfSignedIn(canary));
  return Promise.all(challenges.map((challenge) => canary.send({ method: 'POST', path: secondFactor, json: { challenge, method: 'totp', code } })));
}

/** The bytes that the secret stands for: base32, RFC 4648. */
function rawFormsOf(secret: string): string[] {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  return [bytes.toString('hex'), bytes.toString('base64').replaceAll('=', ''), bytes.toString('base64url')];
}
