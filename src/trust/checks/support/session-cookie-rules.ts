import type { Canary } from '../../probe/canary.ts';
import type { Site } from '../../probe/check-context.ts';
import type { Control } from '../../probe/check.ts';
import { Inconclusive, nameOf, type CheckResponse } from '../../probe/exchange.ts';
import {
  browsersKeep,
  parseSetCookie,
  withoutAttribute,
  type SetCookie,
} from '../../probe/set-cookie.ts';
import { answering } from './tamper.ts';

const session = { method: 'GET', path: '/api/session' };

interface Rule {
  fault: string;
  broken(cookie: SetCookie, site: Site, header: string): boolean;
}

/** Requirements for each cookie that carries a session, whichever response sets it. ASVS 3.3.1 to 3.3.4. */
const rules: readonly Rule[] = [
  { fault: 'without HttpOnly', broken: ({ attributes }) => !attributes.has('httponly') },
  {
    fault: 'without SameSite=Lax',
    broken: ({ attributes }) => attributes.get('samesite')?.toLowerCase() !== 'lax',
  },
  { fault: 'with a path other than /', broken: ({ attributes }) => attributes.get('path') !== '/' },
  { fault: 'for a whole domain', broken: ({ attributes }) => attributes.has('domain') },
  {
    fault: 'without Secure',
    broken: ({ attributes }, { secure }) => secure && !attributes.has('secure'),
  },
  {
    fault: 'without the __Host- prefix',
    broken: ({ name }, { secure }) => secure && !name.startsWith('__Host-'),
  },
  {
    fault: 'in a form that browsers discard',
    broken: (_, { origin }, header) => !browsersKeep(header, new URL(origin).hostname),
  },
];

/** Tries each of a browser’s cookies on its own: a session cookie is recognised by its effect, not its name. */
export async function eachAlone(
  browser: Canary,
  cookies: readonly (readonly [name: string, value: string])[],
): Promise<CheckResponse[]> {
  const answers: CheckResponse[] = [];
  for (const [name, value] of cookies)
    answers.push(await browser.sendAs(`${name}=${value}`, session));
  return answers;
}

/** Names of the cookies that carried the session. @throws Inconclusive if none did */
export function carriersOf(
  cookies: readonly (readonly [name: string, value: string])[],
  alone: readonly CheckResponse[],
): string[] {
  const carriers = cookies.filter((_, at) => alone[at]?.status === 200).map(([name]) => name);
  if (carriers.length === 0) throw new Inconclusive('No single cookie carries the session.');
  return carriers;
}

/** Every cookie in these responses that sets or removes a session, and the faults of these cookies and responses. */
export function censusOf(
  answers: readonly CheckResponse[],
  carriers: readonly string[],
  site: Site,
): { set: number; faults: string[] } {
  const headers = answers
    .flatMap(({ setCookies }) => setCookies)
    .map((header) => ({ header, cookie: parseSetCookie(header) }));
  const set = headers.filter(({ cookie }) => carriers.includes(cookie.name));
  const tokens = set.map(({ cookie }) => cookie.value).filter((value) => value !== '');
  const holdsOne = (text: string) => tokens.some((token) => text.includes(token));
  const copies = headers.filter(
    ({ cookie }) => !carriers.includes(cookie.name) && holdsOne(cookie.value),
  );
  const faults = [
    ...set.flatMap(({ header, cookie }) =>
      rules
        .filter(({ broken }) => broken(cookie, site, header))
        .map(({ fault }) => `A session cookie is set ${fault}.`),
    ),
    ...copies.map(() => 'The session token is set a second time under another name.'),
    ...answers
      .filter(({ body, headers: own }) => [body, ...Object.values(own)].some(holdsOne))
      .map((answer) => `The response to ${nameOf(answer)} exposes the session token to scripts.`),
  ];
  return { set: set.length, faults };
}

/** Negative control: changes the cookies of some responses. */
export function setting(end: string, where: string, change: (header: string) => string): Control {
  return {
    where,
    tamper: answering(end, ({ setCookies }) => ({ setCookies: setCookies.map(change) })),
  };
}

export const withoutHttpOnly = (header: string) => withoutAttribute(header, 'HttpOnly');
