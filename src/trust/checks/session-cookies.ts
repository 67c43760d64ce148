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
import { requestFor } from './support/ask-route.ts';
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
    'Session cookies are inaccessible to scripts on every route, are recognised by their exact name only, and stop working at sign-out, even for a request in flight',
  method: 'TEST',
  vantage: 'black-box',
  ...fourTimesADay,
  limits:
    'Cross-site scripting, Secure and the __Host- prefix on a site without HTTPS, and unbuffered request bodies behind a proxy that buffers them',
  byHand: {
    command: (origin) =>
      `curl -si ${origin}/api/sign-in -H 'Content-Type: application/json' -d '{"email":"YOU","password":"YOUR PASSWORD"}' | grep -i ^set-cookie`,
    expect:
      'With your own account: each line says HttpOnly and SameSite=Lax, and where the site is HTTPS, Secure.',
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
    const valid = [...replayed, late.after]
      .filter((answer) => contradicts(answer, 401))
      .map(() => 'A session is still valid after sign-out.');
    const carriedOut =
      late.after.status === 401 && contradicts(late.answer, 401)
        ? [`A request whose body arrived after the sign-out returned ${late.answer.status}.`]
        : [];
    const mistaken = misnamed
      .filter((answer) => contradicts(answer, 401))
      .map(() => 'A cookie with a name similar to the session cookie’s is accepted as a session.');
    const setting = answers.filter(({ setCookies }) => setCookies.length > 0).length;
    const holds = `Of ${answers.length} responses, from every route, ${setting} set cookies. ${set} of ${set} session cookies have the required attributes. None is in a body or header that scripts can read, and none works after sign-out, for a request in flight, or under one of ${misnamed.length} similar names.`;
    return judge({
      faults: [...faults, ...valid, ...carriedOut, ...mistaken],
      needs: [...alone, ...replayed, late.answer, late.after, ...misnamed],
      holds,
      examined: set,
    });
  },
  controls: [
    setting('/verify', 'cookie without HttpOnly', withoutHttpOnly),
    setting('/verify', 'cookie without SameSite', (header) => withoutAttribute(header, 'SameSite')),
    setting('/verify', 'cookie without Path', (header) => withoutAttribute(header, 'Path')),
    setting('/verify', 'cookie for a whole domain', (header) => `${header}; Domain=example.org`),
    setting('/verify', 'cookie that browsers discard', (header) =>
      header.replace('=', `=${'x'.repeat(5_000)}`),
    ),
    {
      ...setting('/verify', 'cookie without Secure', (header) =>
        withoutAttribute(header, 'Secure'),
      ),
      on: ({ secure }) => secure,
    },
    {
      ...setting('', 'cookie without the __Host- prefix', (header) =>
        header.replace(/^__Host-/, ''),
      ),
      on: ({ secure }) => secure,
    },
    setting('/sign-in', 'cookie without HttpOnly at sign-in', withoutHttpOnly),
    setting('/confirm', 'cookie without HttpOnly at re-authentication', withoutHttpOnly),
    setting('/sign-out', 'cookie without HttpOnly at sign-out', withoutHttpOnly),
    {
      where: 'second cookie that scripts can read',
      tamper: answering('/verify', ({ setCookies }) => ({
        setCookies: [
          ...setCookies,
          ...setCookies.map((header) => withoutHttpOnly(`copy-of-${header}`)),
        ],
      })),
    },
    {
      where: 'session token in a response body',
      tamper: answering('', ({ body, setCookies }) => ({ body: `${body} ${setCookies.join()}` })),
    },
    {
      where: 'session token in a response header',
      tamper: answering('/verify', ({ headers, setCookies }) => ({
        headers: { ...headers, 'x-session': setCookies.join() },
      })),
    },
    { where: 'session valid after sign-out', tamper: answeringStatus('GET /api/session', 200) },
    {
      where: 'request in flight completed after sign-out',
      tamper: answeringStatus('PATCH /api/account', 200, { visitor: 'canary 2 ' }),
    },
    {
      where: 'no-break space ignored before the cookie name',
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
  const requests = [
    ...context.site.routes.map((route) => requestFor(route, id)),
    ...ways.map((path) => ({ method: 'GET', path })),
    ...others,
  ];
  for (const request of requests) await passer.send(request);
  return [...passer.answers];
}
