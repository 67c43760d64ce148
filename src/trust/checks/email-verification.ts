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
import { requestFor } from './support/ask-route.ts';
import { answering, answeringStatus } from './support/tamper.ts';

const session = { method: 'GET', path: '/api/session' };

/** ASVS 6.4.1, 8.2.1. */
export const emailVerification: Check = {
  id: 'email-verification',
  version: '1',
  title: 'An account cannot be used before its email address is verified',
  method: 'TEST',
  vantage: 'black-box',
  ...fourTimesADay,
  limits: 'Email delivery, who can read the mailbox, and accounts created with Google or GitHub',
  byHand: {
    command: (origin) =>
      `curl -s ${origin}/api/sign-in -H 'Content-Type: application/json' -d '{"email":"YOU","password":"YOUR PASSWORD"}'`,
    expect: 'After your own sign-up, before you enter its code: email-unverified, and no cookie.',
  },
  async examine(context) {
    const canary = await context.canary();
    const challenge = await signUp(canary);
    const signIn = await trySignIn(canary, canary);
    const guarded = context.site.routes.filter(({ needs }) => needs !== 'anyone');
    const id = await context.word();
    const refused: CheckResponse[] = [];
    for (const route of guarded) refused.push(await canary.send(requestFor(route, id)));
    const early = await canary.send(session);

    const isRefused = signIn.status === 403 && problemOf(signIn) === 'email-unverified';
    const open = refused.filter((answer) => contradicts(answer, 401) && contradicts(answer, 403));
    const faults = [
      saysSomething(signIn) &&
        !isRefused &&
        `Signing in before verification returned ${signIn.status}, without the problem email-unverified.`,
      contradicts(early, 401) && 'A session exists before verification.',
      ...open.map((answer) => `${nameOf(answer)} returned ${answer.status} before verification.`),
    ].filter((fault) => fault !== false);
    // A faulty server may have used up the code. The faults found so far count without this step.
    if (faults.length === 0) {
      expectStatus(await tryCode(canary, challenge, await canary.nextCode()), 200);
      expectStatus(await canary.send(session), 200);
    }
    const holds = `Before verification, sign-in and ${refused.length} of ${guarded.length} protected routes were refused. With the code, the account could be used.`;
    return judge({
      faults,
      needs: [signIn, early, ...refused],
      holds,
      examined: refused.length,
      population: guarded.length,
    });
  },
  controls: [
    { where: 'sign-in without verification', tamper: answeringStatus('/sign-in', 200) },
    {
      where: 'sign-in refused for another reason',
      tamper: answering('/sign-in', () => ({ body: '{}' })),
    },
    {
      where: 'session created at sign-up',
      tamper: answeringStatus('GET /api/session', 200),
    },
    {
      where: 'protected route open before verification',
      tamper: answeringStatus('GET /api/sessions', 200),
    },
  ],
};
