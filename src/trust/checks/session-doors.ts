import { becomeMember, trySignIn, type Canary } from '../probe/canary.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import { expectStatus, type CheckResponse } from '../probe/exchange.ts';
import type { Tamper } from '../probe/recording.ts';
import { parseSetCookie, withoutAttribute } from '../probe/set-cookie.ts';
import { wayBack } from './support/authorization-request.ts';
import {
  carriersOf,
  censusOf,
  eachAlone,
  setting,
  withoutHttpOnly,
} from './support/session-cookie-rules.ts';
import { answering } from './support/tamper.ts';

const providers = ['google', 'github'];

/** ASVS 3.3.1 to 3.3.4, 7.2.4. */
export const sessionDoors: Check = {
  id: 'session-doors',
  version: '1',
  title: 'Every sign-in method creates a new session token, in a cookie with the same attributes',
  method: 'TEST',
  vantage: 'test-instance',
  ...fourTimesADay,
  limits: 'Real providers, passkeys and second factors',
  async examine(context) {
    const testInstance = context.testInstance();
    const doors = [await byPassword(await testInstance.canary())];
    for (const provider of providers)
      doors.push(await byProvider(await testInstance.canary(), provider));
    const kept = doors.map((canary) => [...canary.cookies()]);
    const alone: CheckResponse[][] = [];
    for (const [at, canary] of doors.entries()) alone.push(await eachAlone(canary, kept[at] ?? []));

    const carriers = [
      ...new Set(doors.flatMap((_, at) => carriersOf(kept[at] ?? [], alone[at] ?? []))),
    ];
    const answers = doors.flatMap((canary) => canary.answers);
    const { set, faults } = censusOf(answers, carriers, context.site);
    const values = answers
      .flatMap(({ setCookies }) => setCookies.map(parseSetCookie))
      .filter(({ name, value }) => value !== '' && carriers.includes(name))
      .map(({ value }) => value);
    const again = values.length - new Set(values).size;
    const repeated =
      again > 0 ? [`${again} of ${values.length} session tokens were used before.`] : [];
    const holds = `Sessions were created or renewed ${values.length} times: by sign-up, sign-in, re-authentication, a new password, ${providers.join(' and ')}. Each had a new token, and ${set} of ${set} cookies have the required attributes.`;
    return judge({
      faults: [...faults, ...repeated],
      needs: alone.flat(),
      holds,
      examined: values.length,
    });
  },
  controls: [
    setting('/session/confirm', 'cookie without HttpOnly at re-authentication', withoutHttpOnly),
    setting(
      '/account/password',
      'cookie without HttpOnly after a password change',
      withoutHttpOnly,
    ),
    {
      where: 'cookie without HttpOnly at a provider callback',
      tamper: onTheWayBack(withoutHttpOnly),
    },
    {
      where: 'cookie without SameSite at a provider callback',
      tamper: onTheWayBack((header) => withoutAttribute(header, 'SameSite')),
    },
    {
      where: 'same token after a password change',
      tamper: answering(
        '',
        ({ setCookies }) => ({
          setCookies: setCookies.map((header) => header.replace(/=[^;]+/, '=the-same')),
        }),
        { visitor: 'test instance 1, canary 1 ' },
      ),
    },
  ],
};

async function byPassword(canary: Canary): Promise<Canary> {
  await becomeMember(canary);
  const { email, password } = canary;
  const next = `${password.slice(40)}${password.slice(0, 40)}`;
  expectStatus(await trySignIn(canary, { email, password }), 200);
  expectStatus(
    await canary.send({ method: 'POST', path: '/api/session/confirm', json: { password } }),
    200,
  );
  expectStatus(
    await canary.send({
      method: 'POST',
      path: '/api/account/password',
      json: { current: password, next },
    }),
    200,
  );
  return canary;
}

async function byProvider(canary: Canary, provider: string): Promise<Canary> {
  await canary.send({ method: 'GET', path: await wayBack(canary, provider) });
  return canary;
}

function onTheWayBack(change: (header: string) => string): Tamper {
  return {
    answer: (answer) =>
      answer.to.includes('/callback')
        ? { ...answer, setCookies: answer.setCookies.map(change) }
        : answer,
  };
}
