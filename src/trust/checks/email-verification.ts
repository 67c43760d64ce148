import { conclusive, expectStatus, nameOf, problemOf, type Answer, type Ask } from '../answer.ts';
import { signUp, tryCode, trySignIn } from '../canary.ts';
import { fourTimesADay, judge, type Check } from '../check.ts';
import type { Route } from '../eyes.ts';

const session = { method: 'GET', path: '/api/session' };

/** ASVS 6.4.1, 8.2.1. */
export const emailVerification: Check = {
  id: 'email-verification',
  version: '1',
  title: 'Before the address is proved there is no account to use',
  method: 'TEST',
  vantage: 'outside',
  ...fourTimesADay,
  limits: 'That mail arrives, and that the mailbox is in the right hands. Accounts by Google or GitHub are another matter.',
  async examine(eyes) {
    const canary = await eyes.canary();
    const challenge = await signUp(canary);
    const signIn = conclusive(await trySignIn(canary, canary));
    const guarded = eyes.site.routes.filter(({ needs }) => needs !== 'anyone');
    const id = await eyes.word();
    const refused: Answer[] = [];
    for (const route of guarded) refused.push(conclusive(await canary.send(askOf(route, id))));
    const early = conclusive(await canary.send(session));

    expectStatus(await tryCode(canary, challenge, await canary.nextCode()), 200);
    expectStatus(await canary.send(session), 200);

    const open = refused.filter(({ status }) => status !== 401 && status !== 403);
    const faults = [
      ...(signIn.status === 403 && problemOf(signIn) === 'email-unverified' ? [] : [`Signing in before the proof was answered ${signIn.status}.`]),
      ...(early.status === 401 ? [] : ['There is a session before the proof.']),
      ...open.map((answer) => `${nameOf(answer)} was answered ${answer.status} before the proof.`),
    ];
    const holds = `Signing in was refused, and so were ${refused.length} of ${guarded.length} routes that are not for everybody; with the code the account is there.`;
    return judge({ faults, holds, examined: refused.length, population: guarded.length });
  },
  controls: [
    { where: 'that signs in without the proof', tamper: { answer: (answer, { asked }) => (asked.endsWith('/sign-in') ? { ...answer, status: 200 } : answer) } },
    { where: 'that refuses to sign in, but for any reason', tamper: { answer: (answer, { asked }) => (asked.endsWith('/sign-in') ? { ...answer, body: '{}' } : answer) } },
    { where: 'that begins a session with the sign-up', tamper: { answer: (answer, { asked }) => (asked.endsWith('GET /api/session') ? { ...answer, status: 200 } : answer) } },
    { where: 'that leaves one route open', tamper: { answer: (answer, { asked }) => (asked.endsWith('GET /api/sessions') ? { ...answer, status: 200 } : answer) } },
  ],
};

function askOf({ method, path }: Route, id: string): Ask {
  return { method, path: path.replaceAll(/:\w+/g, id), ...(method !== 'GET' && { json: {} }) };
}
