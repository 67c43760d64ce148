import { signUp, tryCode, trySignIn } from '../probe/canary.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import {
  contradicts,
  expectStatus,
  nameOf,
  problemOf,
  saysSomething,
  type CheckResponse,
} from '../probe/exchange.ts';
import { askOf } from './support/ask-route.ts';
import { answering, answeringStatus } from './support/tamper.ts';

const session = { method: 'GET', path: '/api/session' };

/** ASVS 6.4.1, 8.2.1. */
export const emailVerification: Check = {
  id: 'email-verification',
  version: '1',
  title: 'Before the address is proved there is no account to use',
  method: 'TEST',
  vantage: 'black-box',
  ...fourTimesADay,
  limits:
    'That mail arrives, and that the mailbox is in the right hands. Accounts by Google or GitHub are another matter.',
  byHand: {
    command: (origin) =>
      `curl -s ${origin}/api/sign-in -H 'Content-Type: application/json' -d '{"email":"YOU","password":"YOUR PASSWORD"}'`,
    expect:
      'After a sign-up of yours whose code you have not typed: email-unverified, and no cookie.',
  },
  async examine(context) {
    const canary = await context.canary();
    const challenge = await signUp(canary);
    const signIn = await trySignIn(canary, canary);
    const guarded = context.site.routes.filter(({ needs }) => needs !== 'anyone');
    const id = await context.word();
    const refused: CheckResponse[] = [];
    for (const route of guarded) refused.push(await canary.send(askOf(route, id)));
    const early = await canary.send(session);

    const isRefused = signIn.status === 403 && problemOf(signIn) === 'email-unverified';
    const open = refused.filter((answer) => contradicts(answer, 401) && contradicts(answer, 403));
    const faults = [
      saysSomething(signIn) &&
        !isRefused &&
        `Signing in before the proof was answered ${signIn.status}, and not that the address is unproved.`,
      contradicts(early, 401) && 'There is a session before the proof.',
      ...open.map((answer) => `${nameOf(answer)} was answered ${answer.status} before the proof.`),
    ].filter((fault) => fault !== false);
    // A faulty server may have used up the code. The faults found so far count without this step.
    if (faults.length === 0) {
      expectStatus(await tryCode(canary, challenge, await canary.nextCode()), 200);
      expectStatus(await canary.send(session), 200);
    }
    const holds = `Signing in was refused, and so were ${refused.length} of ${guarded.length} routes that are not for everybody; with the code the account is there.`;
    return judge({
      faults,
      needs: [signIn, early, ...refused],
      holds,
      examined: refused.length,
      population: guarded.length,
    });
  },
  controls: [
    { where: 'that signs in without the proof', tamper: answeringStatus('/sign-in', 200) },
    {
      where: 'that refuses to sign in, but for any reason',
      tamper: answering('/sign-in', () => ({ body: '{}' })),
    },
    {
      where: 'that begins a session with the sign-up',
      tamper: answeringStatus('GET /api/session', 200),
    },
    { where: 'that leaves one route open', tamper: answeringStatus('GET /api/sessions', 200) },
  ],
};
