import { generateSync } from 'otplib';
import { addMs } from '../../../clock.ts';
import { trySignIn, type Canary } from '../../probe/canary.ts';
import { expectStatus, text, type CheckResponse } from '../../probe/exchange.ts';
import type { Tamper } from '../../probe/recording.ts';

/** The route that completes a sign-in with a code. */
const secondFactor = '/api/sign-in/second-factor';

/** Milliseconds: RFC 6238 §5.2. */
export const step = 30_000;

export interface Enrolled {
  /** Of the authenticator app, in base32. */
  secret: string;
  /** The code that confirmed the enrolment, and when. */
  code: string;
  at: Date;
  /** One of the account’s recovery codes. */
  recoveryCode: string;
}

/** Enrols an authenticator app. `timeOf` reads the deployment’s time from its first response. */
export async function enrol(
  canary: Canary,
  timeOf: (begun: CheckResponse) => Date,
): Promise<Enrolled> {
  const begun = expectStatus(
    await canary.send({ method: 'POST', path: '/api/factors/totp', json: {} }),
    201,
  );
  const [secret, at] = [text(begun, 'secret'), timeOf(begun)];
  const code = codeOf(secret, at);
  const confirmed = await canary.send({
    method: 'POST',
    path: '/api/factors/totp/confirm',
    json: { id: text(begun, 'factor', 'id'), code },
  });
  return {
    secret,
    code,
    at,
    recoveryCode: text(expectStatus(confirmed, 200), 'recoveryCodes', '0'),
  };
}

/** The app’s code at this time, or this many time steps later. */
export function codeOf(secret: string, at: Date, steps = 0): string {
  return generateSync({ secret, epoch: Math.floor(addMs(at, steps * step).getTime() / 1_000) });
}

export async function giveCode(canary: Canary, code: string): Promise<CheckResponse> {
  return give(canary, await halfSignedIn(canary), { method: 'totp', code });
}

export async function giveRecoveryCode(canary: Canary, code: string): Promise<CheckResponse> {
  return give(canary, await halfSignedIn(canary), { method: 'recovery-code', code });
}

/** Starts all the sign-ins first, then sends the code to all of them at the same time. */
export async function giveAtOnce(
  canary: Canary,
  code: string,
  times: number,
): Promise<CheckResponse[]> {
  const challenges: string[] = [];
  for (let n = 0; n < times; n += 1) challenges.push(await halfSignedIn(canary));
  return Promise.all(
    challenges.map((challenge) => give(canary, challenge, { method: 'totp', code })),
  );
}

/** Negative control: the attempts with these numbers, counted from 0, succeed. */
export function takingCodes(from: number, to = from): Tamper {
  return {
    answer: (answer, { asked, nth }) =>
      asked.endsWith(secondFactor) && nth >= from && nth <= to
        ? { ...answer, status: 200 }
        : answer,
  };
}

async function halfSignedIn(canary: Canary): Promise<string> {
  return text(expectStatus(await trySignIn(canary, canary), 200), 'challenge', 'id');
}

function give(
  canary: Canary,
  challenge: string,
  proof: { method: 'totp' | 'recovery-code'; code: string },
): Promise<CheckResponse> {
  return canary.send({ method: 'POST', path: secondFactor, json: { challenge, ...proof } });
}
