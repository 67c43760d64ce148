import { Inconclusive, nameOf, type Answer } from '../answer.ts';
import { setOut } from '../authorization-request.ts';
import type { Canary } from '../canary.ts';
import { fourTimesADay, judge, type Check } from '../check.ts';
import type { Tamper } from '../sight.ts';

const crowd = 3;

/** Where a browser is led whose state was found, by what it is told; all else was not found, or let in. */
const found = ['refused', 'provider-failed'];
const notFound = 'expired';

/**
 * A provider that refuses sends the browser back with its state, too (RFC 6749 §4.1.2.1), and that uses the state up: so it can
 * be tried where people sign in, and no provider is asked for anything. ASVS 10.2.1; RFC 9700 §4.7.
 */
export const oauthSingleUse: Check = {
  id: 'oauth-single-use',
  version: '1',
  title: 'Where people sign in, the database gives the state of a way to a provider to one callback, also of several at once',
  method: 'TEST',
  vantage: 'outside',
  ...fourTimesADay,
  limits: 'The callbacks carry a refusal, as a provider sends it for somebody who says no: nobody is let in by any of them. What a callback with a code does is tried on a twin.',
  async examine(eyes) {
    const { providers } = eyes.site;
    if (providers.length === 0) return { outcome: 'not-applicable', reason: 'Nobody signs in with Google or GitHub here.', examined: 0, population: 0 };
    const tried: { provider: string; atOnce: Answer[]; again: Answer }[] = [];
    for (const provider of providers) tried.push({ provider, ...(await comeBack(await eyes.canary(), provider)) });

    const all = tried.flatMap(({ atOnce, again }) => [...atOnce, again]);
    const timesFound = tried.map(({ atOnce }) => atOnce.filter((answer) => found.includes(problemIn(answer))).length);
    const faults = [
      ...all.filter((answer) => answer.status < 400 && problemIn(answer) === '').map((answer) => `A refusal of a provider was answered ${answer.status} and let in.`),
      ...all.filter(({ setCookies }) => setCookies.some((cookie) => /^(__Host-)?flowcept=[^;]/.test(cookie))).map(() => 'A refusal of a provider began a session.'),
      ...tried.filter((_, at) => (timesFound[at] ?? 0) > 1).map(({ provider }) => `One state of a way to ${provider} was good for several of ${crowd} callbacks at once.`),
      ...tried.filter(({ again }) => found.includes(problemIn(again))).map(({ provider }) => `A used state of a way to ${provider} was good once more.`),
    ];
    const lost = all.find((answer) => answer.status < 400 && ![...found, notFound].includes(problemIn(answer)));
    if (faults.length === 0 && lost) throw new Inconclusive(`${nameOf(lost).split('?')[0]} was not answered about its state.`);
    const examined = timesFound.every((times) => times === 1) ? all.length : 0;
    const holds = `Of ${crowd} callbacks at once with one state of ${providers.join(' and ')} one found it, and none did afterwards, with the cookie that bound it.`;
    return judge({ faults, needs: all, holds, examined, population: all.length });
  },
  controls: [
    { where: 'that takes a state as often as it comes at once', tamper: leading(`/sign-in?problem=${found[0]}`, (nth) => nth < crowd) },
    { where: 'that takes a state once more', tamper: leading(`/sign-in?problem=${found[0]}`, (nth) => nth === crowd) },
    { where: 'that asks the provider about a used state', tamper: leading(`/sign-in?problem=${found[1]}`, (nth) => nth === crowd) },
    { where: 'that lets in who was refused', tamper: leading('/home', (nth) => nth === crowd) },
    { where: 'that begins a session with a used state', tamper: changing(() => ({ setCookies: ['flowcept=somebody; Path=/; HttpOnly'] }), (nth) => nth === crowd) },
  ],
};

/** Sets out, and comes back refused: several times at once, and once more. Each with the cookie that bound the state, which a browser has dropped by then. */
async function comeBack(canary: Canary, provider: string): Promise<{ atOnce: Answer[]; again: Answer }> {
  const { url } = await setOut(canary, provider);
  const cookie = [...canary.cookies()].map(([name, value]) => `${name}=${value}`).join('; ');
  const query = new URLSearchParams({ error: 'access_denied', state: url.searchParams.get('state') ?? '' });
  const callback = () => canary.sendAs(cookie, { method: 'GET', path: `/api/sign-in/${provider}/callback?${query}` });
  const atOnce = await Promise.all(Array.from({ length: crowd }, callback));
  return { atOnce, again: await callback() };
}

/** Why somebody who came back is led to the sign-in page; empty where they are led elsewhere. */
function problemIn({ headers }: Answer): string {
  const location = headers['location'] ?? '';
  return location.startsWith('/sign-in?') ? (new URLSearchParams(location.slice('/sign-in?'.length)).get('problem') ?? '') : '';
}

function leading(location: string, isMeant: (nth: number) => boolean): Tamper {
  return changing(({ headers }) => ({ headers: { ...headers, location } }), isMeant);
}

function changing(change: (answer: Answer) => Partial<Answer>, isMeant: (nth: number) => boolean): Tamper {
  return { answer: (answer, { nth }) => (answer.to.includes('/callback') && isMeant(nth) ? { ...answer, ...change(answer) } : answer) };
}
