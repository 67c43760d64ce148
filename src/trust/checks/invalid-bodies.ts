import { becomeMember, type Canary } from '../probe/canary.ts';
import type { Route } from '../probe/check-context.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import { nameOf, saysSomething, type CheckResponse, type CheckRequest } from '../probe/exchange.ts';
import { requestFor, hasParameter } from './support/ask-route.ts';
import { implausible, plausibleBody } from './support/plausible-body.ts';
import { sideBySide } from './support/side-by-side.ts';
import { answering } from './support/tamper.ts';

/** Values that are not text, or not any other expected type. */
const wrongKinds: readonly unknown[] = [7, ['x'], { x: 1 }, null];
const notAnObject = ['null', '[]', '"text"', '7'];

/** Milliseconds between two routes, to stay below the rate limits. */
const aWhile = 30_000;

/** ASVS 2.2.1, 2.2.2, 4.1.1, 15.3.3. */
export const invalidBodies: Check = {
  id: 'invalid-bodies',
  version: '2',
  title:
    'Requests that do not match a route’s schema are rejected by the server and change nothing',
  method: 'TEST',
  vantage: 'test-instance',
  ...fourTimesADay,
  limits:
    'Whether the schemas are right, and changes that show neither to the account’s user nor in email',
  async examine(context) {
    const testInstance = context.testInstance();
    const member = await becomeMember(await testInstance.canary());
    const bystander = await testInstance.canary();
    const changing = context.site.routes.filter(({ method }) => method !== 'GET');
    const taking = changing.filter(({ body }) => body !== null);
    const id = await context.word();

    const before = await lookAround(member, context.site.routes);
    const refused: CheckResponse[] = [];
    for (const route of changing) {
      const requests = invalidAsks(route, { ...bystander, password: member.password }, id);
      refused.push(
        ...(await sideBySide(requests, async (request) =>
          (await testInstance.canary()).sendAs(cookieOf(member), request),
        )),
      );
      testInstance.pass(aWhile);
    }
    // Avoids a midnight in between, after which the owner’s data by day would differ.
    testInstance.pass(-aWhile * changing.length);
    const after = await lookAround(member, context.site.routes);
    const mails = await bystander.mails();

    const faults = [
      ...taking
        .filter(({ body }) => !body?.strict)
        .map(({ method, path }) => `${method} ${path} accepts unknown fields.`),
      ...refused
        .filter(isTaken)
        .map(
          (answer) =>
            `${nameOf(answer)} returned ${answer.status} for a body that does not match its schema.`,
        ),
      ...after
        .filter((answer, at) => seenOf(answer) !== seenOf(before[at]))
        .map(
          (answer) => `${nameOf(answer)} returns something else after requests that were rejected.`,
        ),
      ...(mails.length > 0 ? ['An email was sent because of a request that was rejected.'] : []),
    ];
    const holds = `${taking.length} of ${taking.length} routes with a body reject unknown fields. ${refused.length} invalid bodies, sent to ${changing.length} routes, were rejected and changed nothing.`;
    return judge({
      faults,
      needs: [...refused, ...before, ...after],
      holds,
      examined: refused.length,
    });
  },
  controls: [
    {
      where: 'unknown field accepted',
      tamper: answering('PATCH /api/account', () => ({ status: 200 })),
    },
    {
      where: 'internal error on an invalid body',
      tamper: answering('POST /api/recovery', () => ({ status: 500 })),
    },
    {
      where: 'change made before the rejection',
      tamper: answering(
        'GET /api/session',
        ({ body }) => ({ body: body.replace('"name":"', '"name":"Other ') }),
        { visitor: 'test instance 1, canary 1 ', nth: 1 },
      ),
    },
    {
      where: 'email sent before the rejection',
      tamper: {
        mail: (mails, { asked }) => (asked === 'test instance 1, canary 2' ? ['A code'] : mails),
      },
    },
  ],
};

/**
 * Bodies with each field missing, of a wrong type, or of the right type but invalid; with an unknown field; and bodies
 * that are not an object.
 */
function invalidAsks(
  route: Route,
  owner: Pick<Canary, 'email' | 'name' | 'password'>,
  id: string,
): CheckRequest[] {
  const good = plausibleBody(route, owner);
  const fields = route.body?.fields ?? [];
  const bodies: unknown[] = [
    { ...good, [`field${id.slice(0, 4)}`]: 1 },
    ...fields
      .filter(({ required }) => required)
      .map(({ name }) => Object.fromEntries(Object.entries(good).filter(([one]) => one !== name))),
    ...fields
      .filter(({ name }) => Object.hasOwn(implausible, name))
      .map(({ name }) => ({ ...good, [name]: implausible[name] })),
    ...fields.flatMap(({ name, kind }) =>
      wrongKinds
        .filter((value) => !isOfKind(value, kind))
        .map((value) => ({ ...good, [name]: value })),
    ),
  ];
  const texts = [...bodies.map((body) => JSON.stringify(body)), ...notAnObject];
  const request = requestFor(route, hasParameter(route) ? id : '');
  return texts.map((text) => ({
    method: request.method,
    path: request.path,
    raw: { type: 'application/json', text },
  }));
}

function isOfKind(value: unknown, kind: string): boolean {
  return (
    kind === 'any' ||
    kind === (Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value) ||
    (kind === 'integer' && typeof value === 'number')
  );
}

/** Whether the body was not rejected: it was accepted, or caused a server error other than an unavailable database. */
function isTaken(answer: CheckResponse): boolean {
  return (
    answer.status < 400 || (answer.status >= 500 && answer.status !== 503 && !saysSomething(answer))
  );
}

/** What the member can see of their own data. */
async function lookAround(member: Canary, routes: readonly Route[]): Promise<CheckResponse[]> {
  const answers: CheckResponse[] = [];
  for (const route of routes.filter(
    (one) => one.method === 'GET' && one.needs === 'signedIn' && !hasParameter(one),
  ))
    answers.push(await member.send(requestFor(route, '')));
  return answers;
}

/** The response without times: of the last use and of the response itself. */
function seenOf(answer: CheckResponse | undefined): string | undefined {
  return answer?.body.replaceAll(/"\d{4}-\d\d-\d\dT[^"]*"/g, '');
}

function cookieOf(canary: Canary): string {
  return [...canary.cookies()].map(([name, value]) => `${name}=${value}`).join('; ');
}
