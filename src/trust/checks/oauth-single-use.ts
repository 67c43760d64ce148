import { cookieHeaderOf, type Canary } from '../probe/canary.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import { Inconclusive, nameOf, type CheckResponse } from '../probe/exchange.ts';
import type { Tamper } from '../probe/recording.ts';
import { setOut } from './support/authorization-request.ts';

const crowd = 3;

/** Values of `problem` in the redirect if the state was found. */
const found = ['refused', 'provider-failed'];
const notFound = 'expired';

/**
 * An error response contains the state, too (RFC 6749 §4.1.2.1), and uses it up. So single use can be tested without
 * the provider’s participation. ASVS 10.2.1; RFC 9700 §4.7.
 */
export const oauthSingleUse: Check = {
  id: 'oauth-single-use',
  version: '1',
  title: 'On the running deployment, an OAuth state works once, even for parallel callbacks',
  method: 'TEST',
  vantage: 'black-box',
  ...fourTimesADay,
  limits: 'Callbacks with an authorization code, which a check on a test instance tests',
  async examine(context) {
    const { providers } = context.site;
    if (providers.length === 0)
      return {
        outcome: 'not-applicable',
        reason: 'Sign-in with Google and GitHub is not set up on this deployment.',
        examined: 0,
        population: 0,
      };
    const tried: { provider: string; atOnce: CheckResponse[]; again: CheckResponse }[] = [];
    for (const provider of providers)
      tried.push({ provider, ...(await decline(await context.canary(), provider)) });

    const all = tried.flatMap(({ atOnce, again }) => [...atOnce, again]);
    const timesFound = tried.map(
      ({ atOnce }) => atOnce.filter((answer) => found.includes(problemIn(answer))).length,
    );
    const faults = [
      ...all
        .filter((answer) => answer.status < 400 && problemIn(answer) === '')
        .map(
          (answer) =>
            `A callback with a provider error returned ${answer.status} without a problem.`,
        ),
      ...all
        .filter(({ setCookies }) =>
          setCookies.some((cookie) => /^(__Host-)?flowcept=[^;]/.test(cookie)),
        )
        .map(() => 'A callback with a provider error created a session.'),
      ...tried
        .filter((_, at) => (timesFound[at] ?? 0) > 1)
        .map(
          ({ provider }) =>
            `One state of a sign-in with ${provider} was accepted by several of ${crowd} parallel callbacks.`,
        ),
      ...tried
        .filter(({ again }) => found.includes(problemIn(again)))
        .map(({ provider }) => `A used state of a sign-in with ${provider} was accepted again.`),
    ];
    const unclear = all.find(
      (answer) => answer.status < 400 && ![...found, notFound].includes(problemIn(answer)),
    );
    if (faults.length === 0 && unclear)
      throw new Inconclusive(
        `The response to ${nameOf(unclear).split('?')[0]} does not show whether the state was found.`,
      );
    const examined = timesFound.every((times) => times === 1) ? all.length : 0;
    const holds = `Of ${crowd} parallel callbacks with one state, one was accepted for ${providers.join(' and ')}, and a later one was rejected.`;
    return judge({ faults, needs: all, holds, examined, population: all.length });
  },
  controls: [
    {
      where: 'state accepted several times in parallel',
      tamper: leading(`/sign-in?problem=${found[0]}`, (nth) => nth < crowd),
    },
    {
      where: 'used state accepted',
      tamper: leading(`/sign-in?problem=${found[0]}`, (nth) => nth === crowd),
    },
    {
      where: 'provider called for a used state',
      tamper: leading(`/sign-in?problem=${found[1]}`, (nth) => nth === crowd),
    },
    {
      where: 'sign-in although the user cancelled',
      tamper: leading('/home', (nth) => nth === crowd),
    },
    {
      where: 'session created with a used state',
      tamper: changing(
        () => ({ setCookies: ['flowcept=someone; Path=/; HttpOnly'] }),
        (nth) => nth === crowd,
      ),
    },
  ],
};

/**
 * Starts a sign-in and declines it: several callbacks at the same time, then one more. Each sends the flow’s cookie,
 * which a browser deletes after the first.
 */
async function decline(
  canary: Canary,
  provider: string,
): Promise<{ atOnce: CheckResponse[]; again: CheckResponse }> {
  const { url } = await setOut(canary, provider);
  const cookie = cookieHeaderOf(canary);
  const query = new URLSearchParams({
    error: 'access_denied',
    state: url.searchParams.get('state') ?? '',
  });
  const callback = () =>
    canary.sendAs(cookie, { method: 'GET', path: `/api/sign-in/${provider}/callback?${query}` });
  const atOnce = await Promise.all(Array.from({ length: crowd }, callback));
  return { atOnce, again: await callback() };
}

/** The `problem` of a redirect to the sign-in page; empty for any other response. */
function problemIn({ headers }: CheckResponse): string {
  const location = headers['location'] ?? '';
  return location.startsWith('/sign-in?')
    ? (new URLSearchParams(location.slice('/sign-in?'.length)).get('problem') ?? '')
    : '';
}

function leading(location: string, isMeant: (nth: number) => boolean): Tamper {
  return changing(({ headers }) => ({ headers: { ...headers, location } }), isMeant);
}

function changing(
  change: (answer: CheckResponse) => Partial<CheckResponse>,
  isMeant: (nth: number) => boolean,
): Tamper {
  return {
    answer: (answer, { nth }) =>
      answer.to.includes('/callback') && isMeant(nth) ? { ...answer, ...change(answer) } : answer,
  };
}
