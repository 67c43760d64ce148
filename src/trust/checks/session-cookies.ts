import { askOf } from '../ask-route.ts';
import { contradicts, expectStatus, type Answer, type Ask } from '../answer.ts';
import { trySignIn } from '../canary.ts';
import { fourTimesADay, judge, type Check } from '../check.ts';
import type { Eyes } from '../eyes.ts';
import { carriersOf, censusOf, eachAlone, setting, withoutHttpOnly } from '../session-cookie-rules.ts';
import { withoutAttribute } from '../set-cookie.ts';
import { answering, answeringStatus } from '../tamper.ts';

const session = { method: 'GET', path: '/api/session' };

/** What there is beside the routes, and what there is not. */
const others: readonly Ask[] = [
  ...['/', '/sign-in', '/security', '/no-such-page', '/api/no-such-route'].map((path) => ({ method: 'GET', path })),
  { method: 'POST', path: '/api/sign-in', raw: { type: 'application/json', text: '{"email":' } },
];

export const sessionCookies: Check = {
  id: 'session-cookies',
  version: '2',
  title: 'Session cookies are out of reach of scripts, whatever answer sets one, and die at sign-out',
  method: 'TEST',
  vantage: 'outside',
  ...fourTimesADay,
  limits: 'That no script of a stranger runs in the pages. Secure and the __Host- prefix are asked for only where the site is HTTPS.',
  byHand: {
    command: (origin) => `curl -si ${origin}/api/sign-in -H 'Content-Type: application/json' -d '{"email":"YOU","password":"YOUR PASSWORD"}' | grep -i ^set-cookie`,
    expect: 'With an account of yours: each line says HttpOnly and SameSite=Lax, and where the site is HTTPS, Secure.',
  },
  async examine(eyes) {
    const { site } = eyes;
    const member = await eyes.member();
    const browser = await eyes.canary();
    await trySignIn(browser, { email: member.email, password: `${member.password}~` });
    expectStatus(await trySignIn(browser, member), 200);
    await browser.send({ method: 'POST', path: '/api/session/confirm', json: { password: member.password } });
    const kept = [...browser.cookies()];
    const alone = await eachAlone(browser, kept);
    expectStatus(await browser.send(session), 200);
    expectStatus(await browser.send({ method: 'POST', path: '/api/sign-out' }), 204);
    const replayed = await eachAlone(browser, kept);
    const passing = await passBy(eyes);

    const answers = [...member.answers, ...browser.answers, ...passing];
    const { set, faults } = censusOf(answers, carriersOf(kept, alone), site);
    const undead = replayed.filter((answer) => contradicts(answer, 401)).map(() => 'A session goes on after its sign-out.');
    const setting = answers.filter(({ setCookies }) => setCookies.length > 0).length;
    const holds = `Of ${answers.length} answers, from every route, ${setting} set cookies; ${set} of ${set} that carry a session or end it are as they must be, none stands in a body or a header that scripts can read, and none works after sign-out.`;
    return judge({ faults: [...faults, ...undead], needs: [...alone, ...replayed], holds, examined: set });
  },
  controls: [
    setting('/verify', 'that sets its cookie without HttpOnly', withoutHttpOnly),
    setting('/verify', 'that sets its cookie without SameSite', (header) => withoutAttribute(header, 'SameSite')),
    setting('/verify', 'that sets its cookie without Path', (header) => withoutAttribute(header, 'Path')),
    setting('/verify', 'that sets its cookie for a whole domain', (header) => `${header}; Domain=example.org`),
    setting('/verify', 'that sets more than browsers keep', (header) => header.replace('=', `=${'x'.repeat(5_000)}`)),
    { ...setting('/verify', 'that sets its cookie without Secure', (header) => withoutAttribute(header, 'Secure')), on: ({ secure }) => secure },
    { ...setting('', 'that gives its cookie no __Host- prefix', (header) => header.replace(/^__Host-/, '')), on: ({ secure }) => secure },
    setting('/sign-in', 'that forgets HttpOnly when somebody signs in', withoutHttpOnly),
    setting('/confirm', 'that forgets HttpOnly when somebody confirms who they are', withoutHttpOnly),
    setting('/sign-out', 'that forgets HttpOnly when it takes the cookie back', withoutHttpOnly),
    { where: 'that sets the same again for its scripts', tamper: answering('/verify', ({ setCookies }) => ({ setCookies: [...setCookies, ...setCookies.map((header) => withoutHttpOnly(`copy-of-${header}`))] })) },
    { where: 'that answers the cookie in the body', tamper: answering('', ({ body, setCookies }) => ({ body: `${body} ${setCookies.join()}` })) },
    { where: 'that answers the cookie in a header', tamper: answering('/verify', ({ headers, setCookies }) => ({ headers: { ...headers, 'x-session': setCookies.join() } })) },
    { where: 'where sign-out ends nothing', tamper: answeringStatus('GET /api/session', 200) },
  ],
};

/** Everything that there is, asked once by somebody without a session: what sets a cookie there is in the census, too. */
async function passBy(eyes: Eyes): Promise<Answer[]> {
  const passer = await eyes.canary();
  const id = await eyes.word();
  const ways = eyes.site.providers.flatMap((name) => [`/api/sign-in/${name}`, `/api/sign-in/${name}/callback?state=${id}&code=${id}`]);
  const asks = [...eyes.site.routes.map((route) => askOf(route, id)), ...ways.map((path) => ({ method: 'GET', path })), ...others];
  for (const ask of asks) await passer.send(ask);
  return [...passer.answers];
}
