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
import { requestFor } from './support/ask-route.ts';
import { answering, answeringStatus } from './support/tamper.ts';

/** The user’s own account: what a user may do while enrolment is required. */
const own = /^\/api\/(?:session|sessions|factors|account|recovery)(?:\/|$)/;

/** ASVS 6.3.3. */
export const twoFactor: Check = {
  id: 'two-factor',
  version: '1',
  title:
    'Every account has a second factor, and where one is required, an account without one can only add one',
  method: 'TEST',
  vantage: 'test-instance',
  ...fourTimesADay,
  limits: 'Whether only the owner has a factor, and the canary accounts of the current run',
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
            `The count leaves out ${census.leftOut} accounts, but this run created at most ${census.signedUp}.`,
          ]
        : []),
      ...(member(expectStatus(session, 200), 'secondFactor', 'enrolmentRequired') === true
        ? []
        : ['An account without a second factor is not told to add one.']),
      ...passed.map(({ to, status }) => `Without a second factor, ${to} returns ${status}.`),
      ...(!contradicts(way, 201)
        ? []
        : [`An account that wants to add a second factor is locked out (${way.status}).`]),
    ];
    const holds = `${sentenceOf(census)} On a test instance, an account without one was refused on all ${asked.length} routes that are not about the account itself, and could add one.`;
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
      where: 'accounts missing from the count',
      tamper: { factorCensus: (census) => ({ ...census, leftOut: census.signedUp + 1 }) },
    },
    {
      where: 'account not told to add a factor',
      tamper: answering('GET /api/session', ({ body }) => ({
        body: body.replace('"enrolmentRequired":true', '"enrolmentRequired":false'),
      })),
    },
    {
      where: 'list of accounts open to an operator without a factor',
      tamper: answeringStatus('GET /api/operator/accounts', 200),
    },
    {
      where: 'permission checked before the factor',
      tamper: answering('/api/operator/settings', ({ body }) => ({
        body: body.replace('second-factor-required', 'forbidden'),
      })),
    },
    {
      where: 'account locked out in place of enrolment',
      tamper: answeringStatus('POST /api/factors/totp', 403),
    },
  ],
};

async function askAll(canary: Canary, routes: readonly Route[]): Promise<CheckResponse[]> {
  const answers: CheckResponse[] = [];
  for (const route of routes) answers.push(await canary.send(requestFor(route, 'some')));
  return answers;
}

function isFollowed({ inForce, accounts, enrolled }: FactorCensus): boolean {
  return inForce && accounts > 0 && enrolled === accounts;
}

function sentenceOf({ accounts, enrolled, operators, enrolledOperators }: FactorCensus): string {
  return `${enrolled} of ${accounts} accounts have a second factor, ${enrolledOperators} of ${operators} operators.`;
}

function reasonOf(census: FactorCensus): string {
  return `${sentenceOf(census)}${census.inForce ? '' : ' It is not required for every account yet.'}`;
}
