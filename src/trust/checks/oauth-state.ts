import { cookieHeaderOf, type Canary } from '../probe/canary.ts';
import type { TestInstanceContext } from '../probe/check-context.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import type { CheckResponse } from '../probe/exchange.ts';
import { wayBack } from './support/authorization-request.ts';
import { answering } from './support/tamper.ts';

const session = { method: 'GET', path: '/api/session' };
const providers = ['google', 'github'];
const tokenCall = /^POST .*(?:\/token|\/access_token)$/;

/**
 * What a callback may present instead of this browser’s state. `use` returns the last callback’s response; `path` is
 * the genuine callback.
 */
const forgeries: readonly {
  what: string;
  use(testInstance: TestInstanceContext, victim: Canary, path: string): Promise<CheckResponse>;
}[] = [
  { what: 'no state', use: (_, victim, path) => get(victim, path.replace(/&?state=[^&]*/, '')) },
  {
    what: 'an altered state',
    use: (_, victim, path) =>
      get(
        victim,
        path.replace(/state=(.)/, (_, first) => `state=${first === 'A' ? 'B' : 'A'}`),
      ),
  },
  {
    what: 'the state of another browser',
    use: async (testInstance, _, path) => get(await aside(testInstance), path),
  },
  {
    what: 'the state of a sign-in with the other provider',
    use: (_, victim, path) =>
      get(
        victim,
        path.includes('/google/')
          ? path.replace('/google/', '/github/')
          : path.replace('/github/', '/google/'),
      ),
  },
  {
    what: 'a used state',
    // With the flow’s cookie, which a well-behaved browser has deleted by then.
    async use(_, victim, path) {
      const before = cookieHeaderOf(victim);
      await get(victim, path);
      await victim.send({ method: 'POST', path: '/api/sign-out' });
      return victim.sendAs(before, { method: 'GET', path });
    },
  },
];
/** Number of forgeries that begin with a valid callback. */
const inOrder = 1;

/** ASVS 10.1.2, 10.2.1; RFC 9700 §4.7. */
export const oauthState: Check = {
  id: 'oauth-state',
  version: '3',
  title:
    'An OAuth callback without a valid, unused state of the same browser is rejected, and the provider is not called',
  method: 'TEST',
  vantage: 'test-instance',
  ...fourTimesADay,
  limits:
    'Real providers, how browsers handle cookies, and single use on the running deployment, which another check tests',
  async examine(context) {
    const testInstance = context.testInstance();
    const tried: { provider: string; what: string; answer: CheckResponse; after: CheckResponse }[] =
      [];
    for (const provider of providers) {
      for (const { what, use } of forgeries) {
        const victim = await testInstance.canary();
        const answer = await use(testInstance, victim, await wayBack(victim, provider));
        tried.push({ provider, what, answer, after: await victim.send(session) });
      }
    }
    const exchanges = (await testInstance.outgoing()).filter((call) => tokenCall.test(call)).length;

    const expected = providers.length * inOrder;
    const faults = [
      ...tried
        .filter(({ answer }) => !isRefused(answer))
        .map(
          ({ provider, what, answer }) =>
            `A ${provider} callback with ${what} returned ${answer.status} and was accepted.`,
        ),
      ...tried
        .filter(({ answer }) =>
          answer.setCookies.some((cookie) => /^(__Host-)?flowcept=[^;]/.test(cookie)),
        )
        .map(({ provider, what }) => `A ${provider} callback with ${what} created a session.`),
      ...tried
        .filter(({ after }) => after.status === 200)
        .map(
          ({ provider, what }) =>
            `After a ${provider} callback with ${what} the browser was signed in.`,
        ),
      ...(exchanges > expected
        ? [
            `Tokens were requested from the providers ${exchanges} times for ${expected} valid callbacks.`,
          ]
        : []),
    ];
    const holds = `${tried.length} of ${tried.length} callbacks with a wrong state were rejected. Tokens were requested only for the ${expected} valid callbacks.`;
    return judge({
      faults,
      needs: tried.flatMap(({ answer, after }) => [answer, after]),
      holds,
      examined: exchanges < expected ? 0 : tried.length,
      population: tried.length,
    });
  },
  controls: [
    letting('callback accepted without a state', /callback\?(?!.*state=)/),
    {
      where: 'used state accepted',
      tamper: answering(
        '',
        ({ to, headers }) =>
          to.includes('/callback') ? { headers: { ...headers, location: '/home' } } : {},
        { nth: 1 },
      ),
    },
    {
      where: 'state of another browser accepted',
      tamper: answering('', letIn, { visitor: 'test instance 1, canary 4 ' }),
    },
    {
      where: 'browser signed in after a rejected callback',
      tamper: answering('GET /api/session', () => ({ status: 200 }), {
        visitor: 'test instance 1, canary 1 ',
      }),
    },
    {
      where: 'session cookie set by a rejected callback',
      tamper: answering(
        '',
        ({ to }) =>
          to.includes('/callback') ? { setCookies: ['flowcept=someone; Path=/; HttpOnly'] } : {},
        { visitor: 'test instance 1, canary 2 ' },
      ),
    },
    {
      where: 'provider called before the state is checked',
      tamper: { outgoing: (seen) => [...seen, 'POST /sandbox/google/token'] },
    },
  ],
};

function get(canary: Canary, path: string): Promise<CheckResponse> {
  return canary.send({ method: 'GET', path });
}

/** A visitor with a sign-in attempt of its own. */
async function aside(testInstance: TestInstanceContext): Promise<Canary> {
  const other = await testInstance.canary();
  await get(other, '/api/sign-in/google');
  return other;
}

function isRefused({ status, headers }: CheckResponse): boolean {
  return status === 303 && (headers['location'] ?? '').startsWith('/sign-in?problem=');
}

function letIn({ to, headers }: CheckResponse): Partial<CheckResponse> {
  return to.includes('/callback') ? { headers: { ...headers, location: '/home' } } : {};
}

function letting(where: string, asked: RegExp) {
  return {
    where,
    tamper: {
      answer: (answer: CheckResponse) =>
        asked.test(answer.to)
          ? { ...answer, headers: { ...answer.headers, location: '/home' } }
          : answer,
    },
  };
}
