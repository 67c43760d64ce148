import type { Canary } from '../probe/canary.ts';
import type { CheckContext, Route } from '../probe/check-context.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import {
  contradicts,
  expectStatus,
  nameOf,
  saysSomething,
  type CheckResponse,
} from '../probe/exchange.ts';
import { requestFor, hasParameter } from './support/ask-route.ts';
import { answering, answeringStatus } from './support/tamper.ts';

const session = { method: 'GET', path: '/api/session' };

/** IDs per list. More would make trying them all on every route exceed the rate limits within a minute. */
const idsEach = 2;

/** ASVS 8.2.1, 8.2.2, 8.3.1, 8.4.1. */
export const accessControl: Check = {
  id: 'access-control',
  version: '1',
  title:
    'Every API route enforces its declared access rule, and no account reaches the data of another',
  method: 'TEST',
  vantage: 'black-box',
  ...fourTimesADay,
  limits:
    'Routes that the server does not list, and whether a route that is declared public should be',
  async examine(context) {
    const { routes } = context.site;
    const guarded = routes.filter(({ needs }) => needs !== 'anyone');
    const [ada, ben] = [await context.member('one'), await context.member('other')];
    const asStranger = await tryWithoutSession(context, ada, guarded);
    const above = await askAll(
      ben,
      guarded.filter(({ needs }) => /operator/i.test(needs)),
      await context.word(),
    );

    const lists = guarded.filter((route) => route.method === 'GET' && !hasParameter(route));
    const own = await askAll(ada, lists, '');
    const ids = [...new Set(own.flatMap((answer) => idsIn(answer.body).slice(0, idsEach)))];
    const listedToBen = await askAll(ben, lists, '');
    const reached: CheckResponse[] = [];
    for (const id of ids) reached.push(...(await askAll(ben, guarded.filter(hasParameter), id)));
    const still = await ada.send(session);

    const marks = [ada.email, ada.name, ...ids];
    const open = (answer: CheckResponse) => saysSomething(answer) && answer.status < 400;
    const faults = [
      ...routes
        .filter(({ needs }) => !needs)
        .map(({ method, path }) => `${method} ${path} declares no access rule.`),
      ...asStranger
        .filter((answer) => contradicts(answer, 401) && contradicts(answer, 403))
        .map((answer) => `${nameOf(answer)} returned ${answer.status} without a session.`),
      ...above
        .filter((answer) => contradicts(answer, 403))
        .map(
          (answer) =>
            `${nameOf(answer)} returned ${answer.status} to an account that is not an operator.`,
        ),
      ...reached
        .filter(open)
        .map(
          (answer) => `${nameOf(answer)} returned ${answer.status} for an id of another account.`,
        ),
      ...[...listedToBen, ...reached]
        .filter(({ body }) => marks.some((mark) => body.includes(mark)))
        .map((answer) => `${nameOf(answer)} shows data of another account.`),
      ...(contradicts(still, 200) ? ['One account ended a session of another.'] : []),
    ];
    if (faults.length === 0) expectStatus(still, 200);
    const tried = [...asStranger, ...above, ...reached];
    const holds = `${routes.length} of ${routes.length} routes declare an access rule; ${guarded.length} require a session and rejected requests without one; ${ids.length} ids of one account gave another account no access.`;
    return judge({
      faults,
      needs: [...tried, ...own, ...listedToBen],
      holds,
      examined: ids.length === 0 ? 0 : tried.length,
      population: tried.length,
    });
  },
  controls: [
    {
      where: 'route open without a session',
      tamper: answeringStatus('GET /api/sessions', 200, { visitor: 'canary 1 ' }),
    },
    {
      where: 'route for operators open to every account',
      tamper: answeringStatus('/api/trust/run', 202, { visitor: 'the other member ' }),
    },
    {
      where: 'session of another account accepted for deletion',
      tamper: {
        answer: (answer, { asked }) =>
          asked.startsWith('the other member DELETE ') ? { ...answer, status: 204 } : answer,
      },
    },
    {
      where: 'session ended by another account',
      tamper: answeringStatus('GET /api/session', 401, { visitor: 'the member ', nth: 1 }),
    },
    {
      where: 'list that includes data of another account',
      tamper: () => {
        let seen = '';
        return answering('GET /api/sessions', ({ body }) => ({
          body: (seen = seen === '' ? body : `[${seen},${body}]`),
        }));
      },
    },
  ],
};

/** Without a session, and with an invalid one. */
async function tryWithoutSession(
  context: CheckContext,
  member: Canary,
  guarded: readonly Route[],
): Promise<CheckResponse[]> {
  const stranger = await context.canary();
  const id = await context.word();
  const invented = [...member.cookies().keys()]
    .map((name) => `${name}=${id}${'A'.repeat(43 - id.length)}`)
    .join('; ');
  const answers: CheckResponse[] = [];
  for (const route of guarded) {
    for (const cookie of [null, invented])
      answers.push(await stranger.sendAs(cookie, requestFor(route, id)));
  }
  return answers;
}

async function askAll(
  canary: Canary,
  routes: readonly Route[],
  id: string,
): Promise<CheckResponse[]> {
  const answers: CheckResponse[] = [];
  for (const route of routes) answers.push(await canary.send(requestFor(route, id)));
  return answers;
}

/** All values of `id` in a JSON body, at any depth. */
function idsIn(body: string): string[] {
  const ids: string[] = [];
  JSON.parse(body || 'null', (name, value: unknown) => {
    if (name === 'id' && typeof value === 'string') ids.push(value);
    return value;
  });
  return ids;
}
