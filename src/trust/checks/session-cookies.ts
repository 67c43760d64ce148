import { cookieHeaderOf, trySignIn, type Canary } from '../probe/canary.ts';
import type { CheckContext } from '../probe/check-context.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import {
  contradicts,
  expectStatus,
  type CheckResponse,
  type CheckRequest,
} from '../probe/exchange.ts';
import { withoutAttribute } from '../probe/set-cookie.ts';
import { askOf } from './support/ask-route.ts';
import {
  carriersOf,
  censusOf,
  eachAlone,
  setting,
  withoutHttpOnly,
} from './support/session-cookie-rules.ts';
import { answering, answeringStatus } from './support/tamper.ts';

const session = { method: 'GET', path: '/api/session' };

/** Paths other than routes, existing and not. */
const others: readonly CheckRequest[] = [
  ...['/', '/sign-in', '/security', '/no-such-page', '/api/no-such-route'].map((path) => ({
    method: 'GET',
    path,
  })),
  { method: 'POST', path: '/api/sign-in', raw: { type: 'application/json', text: '{"email":' } },
];

export const sessionCookies: Check = {
  id: 'session-cookies',
  version: '3',
  title:
    'Session cookies are out of reach of scripts, whatever answer sets one, are recognised by their exact name, and stop working at sign-out, even for a request that is under way',
  method: 'TEST',
  vantage: 'black-box',
  ...fourTimesADay,
  limits:
    'That no script of a stranger runs in the pages. Secure and the __Host- prefix are asked for only where the site is HTTPS. A proxy that holds a request back until its body is complete does so here, too.',
  byHand: {
    command: (origin) =>
      `curl -si ${origin}/api/sign-in -H 'Content-Type: application/json' -d '{"email":"YOU","password":"YOUR PASSWORD"}' | grep -i ^set-cookie`,
    expect:
      'With an account of yours: each line says HttpOnly and SameSite=Lax, and where the site is HTTPS, Secure.',
  },
  async examine(context) {
    const { site } = context;
    const member = await context.member();
    const browser = await context.canary();
    await trySignIn(browser, { email: member.email, password: `${member.password}~` });
    expectStatus(await trySignIn(browser, member), 200);
    await browser.send({
      method: 'POST',
      path: '/api/session/confirm',
      json: { password: member.password },
    });
    const kept = [...browser.cookies()];
    const alone = await eachAlone(browser, kept);
    expectStatus(await browser.send(session), 200);
    expectStatus(await browser.send({ method: 'POST', path: '/api/sign-out' }), 204);
    const replayed = await eachAlone(browser, kept);
    const late = await finishAfterSignOut(await context.canary(), member);
    const misnamed = await tryOtherNames(await context.canary(), member);
    const passing = await passBy(context);

    const answers = [...member.answers, ...browser.answers, ...passing];
    const { set, faults } = censusOf(answers, carriersOf(kept, alone), site);
    const alive = [...replayed, late.after]
      .filter((answer) => contradicts(answer, 401))
      .map(() => 'A session goes on after its sign-out.');
    const carriedOut =
      late.after.status === 401 && contradicts(late.answer, 401)
        ? [`A request whose body came after the sign-out was answered ${late.answer.status}.`]
        : [];
    const mistaken = misnamed
      .filter((answer) => contradicts(answer, 401))
      .map(
        () => 'A cookie whose name only resembles that of the session cookie carries the session.',
      );
    const setting = answers.filter(({ setCookies }) => setCookies.length > 0).length;
    const holds = `Of ${answers.length} answers, from every route, ${setting} set cookies; ${set} of ${set} that carry a session or end it are as they must be, none stands in a body or a header that scripts can read, and none works after sign-out, for a request under way, or under one of ${misnamed.length} names that resemble those that are set.`;
    return judge({
      faults: [...faults, ...alive, ...carriedOut, ...mistaken],
      needs: [...alone, ...replayed, late.answer, late.after, ...misnamed],
      holds,
      examined: set,
    });
  },
  controls: [
    setting('/verify', 'that sets its cookie without HttpOnly', withoutHttpOnly),
    setting('/verify', 'that sets its cookie without SameSite', (header) =>
      withoutAttribute(header, 'SameSite'),
    ),
    setting('/verify', 'that sets its cookie without Path', (header) =>
      withoutAttribute(header, 'Path'),
    ),
    setting(
      '/verify',
      'that sets its cookie for a whole domain',
      (header) => `${header}; Domain=example.org`,
    ),
    setting('/verify', 'that sets more than browsers keep', (header) =>
      header.replace('=', `=${'x'.repeat(5_000)}`),
    ),
    {
      ...setting('/verify', 'that sets its cookie without Secure', (header) =>
        withoutAttribute(header, 'Secure'),
      ),
      on: ({ secure }) => secure,
    },
    {
      ...setting('', 'that gives its cookie no __Host- prefix', (header) =>
        header.replace(/^__Host-/, ''),
      ),
      on: ({ secure }) => secure,
    },
    setting('/sign-in', 'that forgets HttpOnly when somebody signs in', withoutHttpOnly),
    setting(
      '/confirm',
      'that forgets HttpOnly when somebody confirms who they are',
      withoutHttpOnly,
    ),
    setting('/sign-out', 'that forgets HttpOnly when it takes the cookie back', withoutHttpOnly),
    {
      where: 'that sets the same again for its scripts',
      tamper: answering('/verify', ({ setCookies }) => ({
        setCookies: [
          ...setCookies,
          ...setCookies.map((header) => withoutHttpOnly(`copy-of-${header}`)),
        ],
      })),
    },
    {
      where: 'that answers the cookie in the body',
      tamper: answering('', ({ body, setCookies }) => ({ body: `${body} ${setCookies.join()}` })),
    },
    {
      where: 'that answers the cookie in a header',
      tamper: answering('/verify', ({ headers, setCookies }) => ({
        headers: { ...headers, 'x-session': setCookies.join() },
      })),
    },
    { where: 'where sign-out ends nothing', tamper: answeringStatus('GET /api/session', 200) },
    {
      where: 'that carries out what was under way at the sign-out',
      tamper: answeringStatus('PATCH /api/account', 200, { visitor: 'canary 2 ' }),
    },
    {
      where: 'that ignores a no-break space before the name of its cookie',
      tamper: answeringStatus('GET /api/session', 200, { visitor: 'canary 3 ', nth: 0 }),
    },
  ],
};

/**
 * A request that is authenticated before its body arrives acts for a session that may have ended. CWE-367; ASVS 7.4.1.
 */
async function finishAfterSignOut(
  browser: Canary,
  { email, name, password }: Canary,
): Promise<{ answer: CheckResponse; after: CheckResponse }> {
  expectStatus(await trySignIn(browser, { email, password }), 200);
  const cookie = cookieHeaderOf(browser);
  const signOut = () => browser.sendAs(cookie, { method: 'POST', path: '/api/sign-out' });
  const answer = await browser.sendAs(cookie, {
    method: 'PATCH',
    path: '/api/account',
    json: { name },
    meanwhile: signOut,
  });
  return { answer, after: await browser.sendAs(cookie, session) };
}

/** Browsers protect only the exact prefix `__Host-`; headers are encoded as Latin-1. RFC 6265bis §4.1.3, §5.6. */
async function tryOtherNames(browser: Canary, member: Canary): Promise<CheckResponse[]> {
  expectStatus(await trySignIn(browser, member), 200);
  const names = (name: string) => [
    `\u00a0${name}`,
    `\u00c2\u00a0${name}`,
    `${name}\u00a0`,
    `"${name}"`,
    `${name}[]`,
    `%20${name}`,
    `__Secure-${name}`,
    name.toUpperCase(),
  ];
  return eachAlone(
    browser,
    [...browser.cookies()].flatMap(([name, value]) =>
      names(name).map((other) => [other, value] as const),
    ),
  );
}

/** Requests every path once without a session, so that cookies set there are examined, too. */
async function passBy(context: CheckContext): Promise<CheckResponse[]> {
  const passer = await context.canary();
  const id = await context.word();
  const ways = context.site.providers.flatMap((name) => [
    `/api/sign-in/${name}`,
    `/api/sign-in/${name}/callback?state=${id}&code=${id}`,
  ]);
  const asks = [
    ...context.site.routes.map((route) => askOf(route, id)),
    ...ways.map((path) => ({ method: 'GET', path })),
    ...others,
  ];
  for (const ask of asks) await passer.send(ask);
  return [...passer.answers];
}
