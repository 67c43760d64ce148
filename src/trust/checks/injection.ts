import type { Canary } from '../probe/canary.ts';
import type { CheckContext, Route } from '../probe/check-context.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import {
  conclusive,
  nameOf,
  saysSomething,
  type CheckResponse,
  type CheckRequest,
} from '../probe/exchange.ts';
import { parseSetCookie } from '../probe/set-cookie.ts';
import { requestFor, hasParameter } from './support/ask-route.ts';
import { plausibleBody } from './support/plausible-body.ts';
import { sideBySide } from './support/side-by-side.ts';
import { answering } from './support/tamper.ts';

/** Values that a database, template or shell would interpret as more than text. */
const operators: readonly unknown[] = [
  { $gt: '' },
  { $where: '1' },
  ['x'],
  JSON.parse('{"__proto__":{"operator":true}}'),
];
/** The first changes the meaning of a query into which it is inserted between quotes; the second breaks it. */
const quotes: readonly string[] = [`' OR '1'='1' -- `, `'); DROP TABLE accounts; -- `];
const texts: readonly string[] = [
  `" UNION SELECT * FROM accounts -- `,
  `{"$gt":""}`,
  `$where: sleep(1)`,
  `${'a'.repeat(60)}!(a+)+$`,
  '{{7*7}}${7*7}<%= 7*7 %>',
  '../../../../etc/passwd',
];
/**
 * Fields whose use costs a hash. Every parameter gets both quotes and one of the other texts in turn, so that each text
 * is tried many times; the parameters of a route with such a field get no other text.
 */
const hashed = ['password', 'current'];

/** ASVS 1.2.4, 1.2.5, 1.3.2, 15.3.6. */
export const injection: Check = {
  id: 'injection',
  version: '2',
  title: 'None of our injection payloads has an effect in any API parameter',
  method: 'TEST',
  vantage: 'black-box',
  ...fourTimesADay,
  limits:
    'Payloads that are not in the list, and part of the list where rate limits count all visitors as one',
  async examine(context) {
    const [ada, ben] = [await context.member('one'), await context.member('other')];
    const ids = await idsOf(ada, context.site.routes);
    const trials = context.site.routes.flatMap((route, at) =>
      spread(trialsOf(route, at), roomFor(route, context)),
    );
    const answers = await sideBySide(trials, async (trial) => ({
      trial,
      answer: await make(trial, context, ben),
    }));
    // Repeats, one at a time, the requests that a busy server refused.
    for (const one of answers)
      if (one.answer.status === 503) one.answer = await make(one.trial, context, ben);
    const still = [await ada.send(session), await ben.send(session)];

    const marks = [ada.email, ada.name, ...ids];
    const faults = [
      ...answers
        .filter(({ answer }) => answer.status >= 500 && answer.status !== 503)
        .map(({ answer, trial }) => `${nameOf(answer)} failed on a payload in ${trial.where}.`),
      ...answers
        .filter(
          ({ answer, trial }) => trial.isOperator && saysSomething(answer) && answer.status < 400,
        )
        .map(({ answer, trial }) => `${nameOf(answer)} accepted an operator in ${trial.where}.`),
      ...answers
        .filter(({ answer, trial }) => trial.route.needs === 'anyone' && signsIn(answer))
        .map(
          ({ answer, trial }) =>
            `${nameOf(answer)} created a session for a payload in ${trial.where}.`,
        ),
      ...answers
        .filter(({ answer }) => marks.some((mark) => answer.body.includes(mark)))
        .map(
          ({ answer, trial }) =>
            `${nameOf(answer)} showed data of another account for a payload in ${trial.where}.`,
        ),
      ...still
        .filter((answer) => saysSomething(answer) && answer.status !== 200)
        .map(() => 'A payload ended a session.'),
    ];
    const parameters = new Set(
      answers.map(({ trial }) => `${trial.route.method} ${trial.route.path} ${trial.where}`),
    ).size;
    const holds = `${operators.length + quotes.length + texts.length} payloads in ${parameters} parameters of ${context.site.routes.length} routes (${answers.length} requests): none had an effect.`;
    if (faults.length === 0) for (const answer of still) conclusive(answer);
    return judge({
      faults,
      needs: answers.map(({ answer }) => answer),
      holds,
      examined: answers.length,
    });
  },
  controls: [
    {
      where: 'operator accepted as a password',
      tamper: answering('/api/sign-in', ({ status }) => ({
        status: status === 422 ? 200 : status,
      })),
    },
    {
      where: 'error on a quote',
      tamper: {
        answer: (answer, { asked }) => (asked.includes("'") ? { ...answer, status: 500 } : answer),
      },
    },
    {
      where: 'session created by a payload',
      tamper: answering('/api/sign-in', () => ({ setCookies: ['flowcept=someone; Path=/'] })),
    },
    {
      where: 'data of another account shown for a payload',
      tamper: () => {
        let shown = '';
        return answering('', ({ body, to }) =>
          to === 'GET /api/session' && shown === ''
            ? { body: (shown = body) }
            : { body: `${body}${to.includes('?') ? shown : ''}` },
        );
      },
    },
  ],
};

const session: CheckRequest = { method: 'GET', path: '/api/session' };

interface Trial {
  route: Route;
  /** The parameter, for display. */
  where: string;
  isOperator: boolean;
  request(owner: Canary, id: string): CheckRequest;
}

/** Texts in every parameter, and every operator where the route takes JSON. */
function trialsOf(route: Route, at: number): Trial[] {
  const some = (nth: number) => [
    ...quotes,
    ...(isHashing(route) ? [] : texts.slice((at + nth) % texts.length).slice(0, 1)),
  ];
  const inPath = hasParameter(route)
    ? some(0).map((text) =>
        trial(route, 'the path', (_, id) => ({ ...requestFor(route, text), ...bodyOf(route, id) })),
      )
    : [];
  const inQuery = route.query.flatMap((name, nth) =>
    some(nth).map((text) =>
      trial(route, `?${name}`, (_, id) => withQuery(requestFor(route, id), name, text)),
    ),
  );
  const inBody = (route.body?.fields ?? []).flatMap(({ name }, nth) =>
    [...operators, ...some(nth)].map((value) =>
      trial(
        route,
        `the field ${name}`,
        (owner, id) => ({
          ...requestFor(route, id),
          json: { ...unlessItCounts(route, owner, name), [name]: value },
        }),
        typeof value !== 'string',
      ),
    ),
  );
  return [...inPath, ...inQuery, ...inBody];
}

function isHashing({ body }: Route): boolean {
  return body?.fields.some(({ name }) => hashed.includes(name)) ?? false;
}

function trial(route: Route, where: string, request: Trial['request'], isOperator = false): Trial {
  return { route, where, request, isOperator };
}

function bodyOf(route: Route, id: string): Pick<CheckRequest, 'json'> {
  return route.body ? { json: plausibleBody(route, { email: '', name: id, password: id }) } : {};
}

/**
 * The signed-in member presents a password that is too long to be compared, unless the password is the parameter under
 * test.
 */
function unlessItCounts(route: Route, owner: Canary, tried: string): Record<string, unknown> {
  const body = plausibleBody(route, owner);
  return 'current' in body && tried !== 'current' ? { ...body, current: 'x'.repeat(600) } : body;
}

function withQuery(request: CheckRequest, name: string, text: string): CheckRequest {
  return { ...request, path: `${request.path}?${name}=${encodeURIComponent(text)}` };
}

/** All trials, if every visitor has its own address; otherwise a quarter of what one address may request. */
function roomFor({ limit }: Route, { site }: CheckContext): number {
  return site.answersHere || limit === null ? Number.POSITIVE_INFINITY : Math.floor(limit / 4);
}

function spread<Item>(items: readonly Item[], most: number): readonly Item[] {
  const step = Math.max(1, items.length / most);
  return items.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step));
}

/** Sends as a new visitor, with a session of the other member if the route requires one. */
async function make(
  { route, request }: Trial,
  context: CheckContext,
  ben: Canary,
): Promise<CheckResponse> {
  const visitor = await context.canary();
  const cookie =
    route.needs === 'anyone'
      ? null
      : [...ben.cookies()].map(([name, value]) => `${name}=${value}`).join('; ');
  return visitor.sendAs(cookie, request(visitor, visitor.name));
}

function signsIn({ setCookies }: CheckResponse): boolean {
  return setCookies.map(parseSetCookie).some(({ value }) => value !== '');
}

/** IDs that are shown only to their owner. */
async function idsOf(canary: Canary, routes: readonly Route[]): Promise<string[]> {
  const lists = routes.filter(
    (route) => route.method === 'GET' && route.needs === 'signedIn' && !hasParameter(route),
  );
  const ids: string[] = [];
  for (const route of lists) {
    const { body } = await canary.send(requestFor(route, ''));
    ids.push(...[...body.matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id ?? ''));
  }
  return [...new Set(ids)];
}
