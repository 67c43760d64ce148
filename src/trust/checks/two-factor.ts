import { becomeMember, type Canary } from '../probe/canary.ts';
import type { Route } from '../probe/check-context.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import {
  contradicts,
  expectStatus,
  member,
  problemOf,
  saysSomething,
  type CheckResponse,
} from '../probe/exchange.ts';
import type { FactorCensus } from '../probe/factor-census.ts';
import { askOf } from './support/ask-route.ts';
import { answering, answeringStatus } from './support/tamper.ts';

/** The user’s own account: what a user may do while enrolment is required. */
const own = /^\/api\/(?:session|sessions|factors|account|recovery)(?:\/|$)/;

/** ASVS 6.3.3. */
export const twoFactor: Check = {
  id: 'two-factor',
  version: '1',
  title:
    'Every account has a second factor, and where it is required, who has none can do nothing but add one',
  method: 'TEST',
  vantage: 'test-instance',
  ...fourTimesADay,
  limits:
    'That a factor is in the hands of its owner alone. Here the accounts are left out that the run under way made itself, and in a twin none.',
  async examine(context) {
    const census = await context.factorCensus();
    const canary = await becomeMember(
      await context.testInstance({ requiresFactor: true }).canary(),
    );
    const session = await canary.send({ method: 'GET', path: '/api/session' });
    const asked = await askAll(
      canary,
      context.site.routes.filter(({ needs, path }) => needs !== 'anyone' && !own.test(path)),
    );
    const way = await canary.send({ method: 'POST', path: '/api/factors/totp', json: {} });

    const passed = asked.filter(
      (answer) =>
        saysSomething(answer) &&
        !(answer.status === 403 && problemOf(answer) === 'second-factor-required'),
    );
    const faults = [
      ...(census.leftOut > census.signedUp
        ? [
            `${census.leftOut} accounts are left out of the count, and this run made ${census.signedUp} at most.`,
          ]
        : []),
      ...(member(expectStatus(session, 200), 'secondFactor', 'held') === true
        ? []
        : ['Somebody without a second factor is not told to add one.']),
      ...passed.map(({ to, status }) => `Without a second factor ${to} answers ${status}.`),
      ...(!contradicts(way, 201)
        ? []
        : [`Who wants to add a second factor is answered ${way.status}: shut out.`]),
    ];
    const holds = `${sentenceOf(census)} In a twin somebody without one was refused on all ${asked.length} routes that are not about their own account, and could add one.`;
    const finding = judge({ faults, needs: [...asked, way], holds, examined: asked.length });
    return finding.outcome === 'true' && !isFollowed(census)
      ? {
          outcome: 'unknown',
          reason: reasonOf(census),
          examined: census.enrolled,
          population: census.accounts,
        }
      : finding;
  },
  controls: [
    {
      where: 'that leaves out accounts that the run did not make',
      tamper: { factorCensus: (census) => ({ ...census, leftOut: census.signedUp + 1 }) },
    },
    {
      where: 'that asks nobody to add one',
      tamper: answering('GET /api/session', ({ body }) => ({
        body: body.replace('"held":true', '"held":false'),
      })),
    },
    {
      where: 'that lets an operator without one see all accounts',
      tamper: answeringStatus('GET /api/operator/accounts', 200),
    },
    {
      where: 'that asks for the right before the factor',
      tamper: answering('/api/operator/settings', ({ body }) => ({
        body: body.replace('second-factor-required', 'forbidden'),
      })),
    },
    {
      where: 'that shuts people out instead',
      tamper: answeringStatus('POST /api/factors/totp', 403),
    },
  ],
};

async function askAll(canary: Canary, routes: readonly Route[]): Promise<CheckResponse[]> {
  const answers: CheckResponse[] = [];
  for (const route of routes) answers.push(await canary.send(askOf(route, 'some')));
  return answers;
}

function isFollowed({ inForce, accounts, enrolled }: FactorCensus): boolean {
  return inForce && accounts > 0 && enrolled === accounts;
}

function sentenceOf({ accounts, enrolled, operators, enrolledOperators }: FactorCensus): string {
  return `${enrolled} of ${accounts} accounts have a second factor, ${enrolledOperators} of ${operators} operators.`;
}

function reasonOf(census: FactorCensus): string {
  return `${sentenceOf(census)}${census.inForce ? '' : ' It is not required of everybody yet.'}`;
}
