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
    what: 'the state of a way to the other provider',
    use: (_, victim, path) =>
      get(
        victim,
        path.includes('/google/')
          ? path.replace('/google/', '/github/')
          : path.replace('/github/', '/google/'),
      ),
  },
  {
    what: 'a state that was used',
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
    'A callback without the state of this browser, alive and unused, ends nowhere, and the provider is not called',
  method: 'TEST',
  vantage: 'test-instance',
  ...fourTimesADay,
  limits:
    'The providers are mock providers of the twin. Single use in the database of the running deployment is tried by another check. What a browser does with cookies is not tried here.',
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
        .filter(({ answer }) => !isRefusal(answer))
        .map(
          ({ provider, what, answer }) =>
            `A callback of ${provider} with ${what} was answered ${answer.status} and let in.`,
        ),
      ...tried
        .filter(({ answer }) =>
          answer.setCookies.some((cookie) => /^(__Host-)?flowcept=[^;]/.test(cookie)),
        )
        .map(({ provider, what }) => `A callback of ${provider} with ${what} began a session.`),
      ...tried
        .filter(({ after }) => after.status === 200)
        .map(
          ({ provider, what }) =>
            `After a callback of ${provider} with ${what} somebody is signed in.`,
        ),
      ...(exchanges > expected
        ? [
            `The providers were asked for tokens ${exchanges} times, where ${expected} callbacks were in order.`,
          ]
        : []),
    ];
    const holds = `${tried.length} of ${tried.length} callbacks with a wrong state ended nowhere, and of all calls for tokens only the ${expected} that were in order were made.`;
    return judge({
      faults,
      needs: tried.flatMap(({ answer, after }) => [answer, after]),
      holds,
      examined: exchanges < expected ? 0 : tried.length,
      population: tried.length,
    });
  },
  controls: [
    letting('that needs no state', /callback\?(?!.*state=)/),
    {
      where: 'that takes a state twice',
      tamper: answering(
        '',
        ({ to, headers }) =>
          to.includes('/callback') ? { headers: { ...headers, location: '/home' } } : {},
        { nth: 1 },
      ),
    },
    {
      where: 'that takes the state of any browser',
      tamper: answering('', letIn, { visitor: 'twin 1, canary 4 ' }),
    },
    {
      where: 'that signs in all the same',
      tamper: answering('GET /api/session', () => ({ status: 200 }), {
        visitor: 'twin 1, canary 1 ',
      }),
    },
    {
      where: 'that hands out a session all the same',
      tamper: answering(
        '',
        ({ to }) =>
          to.includes('/callback') ? { setCookies: ['flowcept=somebody; Path=/; HttpOnly'] } : {},
        { visitor: 'twin 1, canary 2 ' },
      ),
    },
    {
      where: 'that asks the provider first and looks at the state then',
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

function isRefusal({ status, headers }: CheckResponse): boolean {
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
