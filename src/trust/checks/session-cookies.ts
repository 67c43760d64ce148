import { contradicts, expectStatus, Inconclusive, nameOf, type Answer } from '../answer.ts';
import { trySignIn, type Canary } from '../canary.ts';
import { fourTimesADay, judge, type Check, type Control } from '../check.ts';
import type { Site } from '../eyes.ts';
import { parseSetCookie, withoutAttribute, type SetCookie } from '../set-cookie.ts';
import { answering, answeringStatus } from '../tamper.ts';

const session = { method: 'GET', path: '/api/session' };

/** What each cookie that carries a session must be. ASVS 3.3.1 to 3.3.4. */
const rules: readonly { fault: string; broken(cookie: SetCookie, site: Site): boolean }[] = [
  { fault: 'without HttpOnly', broken: ({ attributes }) => !attributes.has('httponly') },
  { fault: 'without SameSite=Lax', broken: ({ attributes }) => attributes.get('samesite')?.toLowerCase() !== 'lax' },
  { fault: 'for another path than /', broken: ({ attributes }) => attributes.get('path') !== '/' },
  { fault: 'for a whole domain', broken: ({ attributes }) => attributes.has('domain') },
  { fault: 'without Secure', broken: ({ attributes }, { secure }) => secure && !attributes.has('secure') },
  { fault: 'without the __Host- prefix', broken: ({ name }, { secure }) => secure && !name.startsWith('__Host-') },
];

export const sessionCookies: Check = {
  id: 'session-cookies',
  version: '1',
  title: 'Session cookies are out of reach of scripts, and die at sign-out',
  method: 'TEST',
  vantage: 'outside',
  ...fourTimesADay,
  limits: 'That no script of a stranger runs in the pages. Secure and the __Host- prefix are asked for only where the site is HTTPS.',
  byHand: {
    command: (origin) => `curl -si ${origin}/api/sign-in -H 'Content-Type: application/json' -d '{"email":"YOU","password":"YOUR PASSWORD"}' | grep -i ^set-cookie`,
    expect: 'With an account of yours: each line says HttpOnly and SameSite=Lax, and where the site is HTTPS, Secure.',
  },
  async examine(eyes) {
    const member = await eyes.member();
    const browser = await eyes.canary();
    await trySignIn(browser, { email: member.email, password: `${member.password}~` });
    expectStatus(await trySignIn(browser, member), 200);
    const kept = [...browser.cookies()];
    const alone = await eachAlone(browser, kept);
    expectStatus(await browser.send(session), 200);
    expectStatus(await browser.send({ method: 'POST', path: '/api/sign-out' }), 204);
    const replayed = await eachAlone(browser, kept);

    // A cookie carries the session by what it does, whatever it is called.
    const carriers = kept.filter((_, at) => alone[at]?.status === 200).map(([name]) => name);
    if (carriers.length === 0) throw new Inconclusive('No cookie alone carries the session.');
    const answers = [...member.answers, ...browser.answers];
    const isSession = ({ name, value }: SetCookie) => value !== '' && carriers.includes(name);
    const set = answers.flatMap(({ setCookies }) => setCookies.map(parseSetCookie)).filter(isSession);
    const shown = answers.filter(({ body }) => set.some(({ value }) => body.includes(value)));
    const faults = [
      ...set.flatMap((cookie) => rules.filter(({ broken }) => broken(cookie, eyes.site)).map(({ fault }) => `A session cookie is set ${fault}.`)),
      ...shown.map((answer) => `The answer to ${nameOf(answer)} shows the cookie to scripts.`),
      ...replayed.filter((answer) => contradicts(answer, 401)).map(() => 'A session goes on after its sign-out.'),
    ];
    const holds = `${set.length} of ${set.length} were set as they must be, none stands in ${answers.length} bodies, and none works after sign-out.`;
    return judge({ faults, needs: [...alone, ...replayed], holds, examined: set.length });
  },
  controls: [
    setting('/verify', 'that sets its cookie without HttpOnly', (header) => withoutAttribute(header, 'HttpOnly')),
    setting('/verify', 'that sets its cookie without SameSite', (header) => withoutAttribute(header, 'SameSite')),
    setting('/verify', 'that sets its cookie without Path', (header) => withoutAttribute(header, 'Path')),
    setting('/verify', 'that sets its cookie for a whole domain', (header) => `${header}; Domain=example.org`),
    { ...setting('/verify', 'that sets its cookie without Secure', (header) => withoutAttribute(header, 'Secure')), on: ({ secure }) => secure },
    { ...setting('', 'that gives its cookie no __Host- prefix', (header) => header.replace(/^__Host-/, '')), on: ({ secure }) => secure },
    setting('/sign-in', 'that forgets HttpOnly when somebody signs in', (header) => withoutAttribute(header, 'HttpOnly')),
    { where: 'that answers the cookie in the body', tamper: answering('', ({ body, setCookies }) => ({ body: `${body} ${setCookies.join()}` })) },
    { where: 'where sign-out ends nothing', tamper: answeringStatus('GET /api/session', 200) },
  ],
};

async function eachAlone(browser: Canary, cookies: readonly [name: string, value: string][]): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const [name, value] of cookies) answers.push(await browser.sendAs(`${name}=${value}`, session));
  return answers;
}

/** A twin that sets other cookies in some of its answers. */
function setting(end: string, where: string, change: (header: string) => string): Control {
  return { where, tamper: answering(end, ({ setCookies }) => ({ setCookies: setCookies.map(change) })) };
}
