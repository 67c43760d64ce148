import type { Canary } from '../probe/canary.ts';
import type { TestInstanceContext, CheckContext } from '../probe/check-context.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import { type CheckResponse, type CheckRequest, saysSomething } from '../probe/exchange.ts';
import { forgedOrigin, isWait } from './support/limited.ts';
import { answering, withoutHeader } from './support/tamper.ts';

/**
 * Requests that cost a hash, a mail or a guess, and how many one address may send. The requests are empty, because they
 * are counted before they are read.
 */
const limited: readonly { what: string; path: string; times: number }[] = [
  { what: 'Signing up', path: '/api/sign-up', times: 10 },
  { what: 'Signing in', path: '/api/sign-in', times: 100 },
  { what: 'Entering a code', path: '/api/challenges/none/verify', times: 100 },
  { what: 'Requesting a code', path: '/api/challenges/none/resend', times: 30 },
  { what: 'Starting a recovery', path: '/api/recovery', times: 30 },
];

/** ASVS 2.4.1, 15.3.4. */
export const limitsByAddress: Check = {
  id: 'limits-by-address',
  version: '1',
  title: 'Rate limits per IP address hold against forged addresses, and reset in time',
  method: 'TEST',
  vantage: 'test-instance',
  ...fourTimesADay,
  limits:
    'Real network addresses, and attacks from many addresses at once, which are limited only per account',
  async examine(context) {
    const testInstance = context.testInstance();
    const seen: Seen[] = [];
    for (const one of limited) seen.push(await useUp(context, testInstance, one));
    const faults = seen.flatMap(faultsOf);
    const requests = limited.reduce((sum, { times }) => sum + times, 0);
    const holds = `${limited.length} of ${limited.length} kinds of request were rejected after ${limited.map(({ times }) => times).join(', ')} attempts, each with a different forged address, and accepted again after the limit reset.`;
    return judge({
      faults,
      needs: seen.flatMap(({ before, neighbour, after }) => [...before, neighbour, after]),
      holds,
      examined: requests,
      population: requests,
    });
  },
  controls: [
    {
      where: 'no rate limit',
      tamper: answering('', ({ status }) => ({ status: status === 429 ? 422 : status })),
    },
    {
      where: 'limit that never resets',
      tamper: answering('/sign-up', () => ({ status: 429 }), {
        visitor: 'test instance 1, canary 1 ',
        nth: 11,
      }),
    },
    {
      where: 'limit that affects other addresses',
      tamper: answering('/sign-in', () => ({ status: 429 }), {
        visitor: 'test instance 1, canary 4 ',
      }),
    },
    {
      where: 'rejection without Retry-After',
      tamper: answering('', (answer) => ({ headers: withoutHeader(answer, 'retry-after') })),
    },
    {
      where: 'limit reached too early',
      tamper: answering('/recovery', () => ({ status: 429 }), { nth: 5 }),
    },
  ],
};

interface Seen {
  what: string;
  /** As many as are allowed. */
  before: readonly CheckResponse[];
  refused: CheckResponse;
  neighbour: CheckResponse;
  /** When the wait has passed. */
  after: CheckResponse;
}

async function useUp(
  context: CheckContext,
  testInstance: TestInstanceContext,
  { what, path, times }: (typeof limited)[number],
): Promise<Seen> {
  const [greedy, modest] = [await testInstance.canary(), await testInstance.canary()];
  const request: CheckRequest = { method: 'POST', path, json: {} };
  const again = async (canary: Canary) =>
    canary.send({ ...request, headers: await forgedOrigin(context) });
  const before: CheckResponse[] = [];
  for (let n = 0; n < times; n += 1) before.push(await again(greedy));
  const [refused, neighbour] = [await again(greedy), await again(modest)];
  testInstance.pass(Number(refused.headers['retry-after'] ?? 0) * 1_000);
  return { what, before, refused, neighbour, after: await again(greedy) };
}

function faultsOf({ what, before, refused, neighbour, after }: Seen): string[] {
  const early = before.findIndex(({ status }) => status === 429);
  return [
    early >= 0 && `${what} was rejected at attempt ${early + 1} of ${before.length}.`,
    saysSomething(refused) && `${what} was not rejected after ${before.length} attempts.`,
    refused.status === 429 &&
      !isWait(refused) &&
      `${what} was rejected without a Retry-After header.`,
    neighbour.status === 429 &&
      `${what} is rejected for other addresses when one is over its limit.`,
    refused.status === 429 &&
      isWait(refused) &&
      after.status === 429 &&
      `${what} is still rejected after the limit should have reset.`,
  ].filter((fault) => fault !== false);
}
