import type { Canary } from '../probe/canary.ts';
import type { Route } from '../probe/check-context.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import { contradicts, expectStatus, member, type CheckResponse } from '../probe/exchange.ts';
import { implausible, plausibleBody } from './support/plausible-body.ts';
import { answering } from './support/tamper.ts';

/** ASVS 2.2.1. */
export const browserRules: Check = {
  id: 'browser-rules',
  version: '1',
  title: 'Forms in the browser apply the same rules as the server',
  method: 'TEST',
  vantage: 'black-box',
  ...fourTimesADay,
  limits: 'Requests that bypass the browser, and differences that error messages do not show',
  async examine(context) {
    const canary = await context.canary();
    const routes = context.site.routes.filter(
      ({ needs, limit }) => needs === 'anyone' && (limit ?? 0) > 10,
    );
    const problems: { field: string; sentence: string; answer: CheckResponse }[] = [];
    for (const [field, value] of Object.entries(implausible)) {
      const route = routes.find(({ body }) => body?.fields.some(({ name }) => name === field));
      if (route) problems.push(await problemOf(canary, route, field, value));
    }
    const scripts = await scriptsFrom(canary, '/sign-in');
    const unknown = problems.filter(
      ({ sentence }) => !scripts.some(({ body }) => body.includes(sentence)),
    );
    const faults = [
      ...problems
        .filter(({ answer }) => contradicts(answer, 422))
        .map(
          ({ field, answer }) =>
            `The server returned ${answer.status} for an invalid value in the field ${field}.`,
        ),
      ...problems
        .filter(({ answer, sentence }) => answer.status === 422 && sentence === '')
        .map(({ field }) => `The server does not say what is wrong with the field ${field}.`),
      ...unknown.map(
        ({ field }) => `The scripts of the app lack the server’s rule for the field ${field}.`,
      ),
    ];
    const holds = `${problems.length} of ${problems.length} server rules (${problems.map(({ field }) => field).join(', ')}) are in the ${scripts.length} scripts of the app.`;
    return judge({
      faults,
      needs: [...problems.map(({ answer }) => answer), ...scripts],
      holds,
      examined: scripts.length === 0 ? 0 : problems.length,
      population: problems.length,
    });
  },
  controls: [
    {
      where: 'invalid email address accepted by the server',
      tamper: answering('/api/sign-in', () => ({ status: 401 })),
    },
    {
      where: 'forms without rules',
      tamper: answering('.js', ({ body }) => ({
        body: body.replaceAll(/(["'`])[A-Z][^"'`]*\.\1/g, '""'),
      })),
    },
    {
      where: 'server rules that the browser lacks',
      tamper: answering('', ({ body }) => ({
        body: body.replaceAll(/"message":"[^"]*"/g, '"message":"By a rule of our own."'),
      })),
    },
  ],
};

async function problemOf(
  canary: Canary,
  route: Route,
  field: string,
  value: string,
): Promise<{ field: string; sentence: string; answer: CheckResponse }> {
  const json = { ...plausibleBody(route, canary), [field]: value };
  const answer = await canary.send({
    method: route.method,
    path: route.path.replaceAll(/:\w+/g, 'none'),
    json,
  });
  return { field, answer, sentence: sentenceFor(answer, field) };
}

function sentenceFor(answer: CheckResponse, field: string): string {
  const errors = member(answer, 'errors');
  const found: unknown = Array.isArray(errors)
    ? errors.find((error) => error?.path === field)
    : undefined;
  return typeof found === 'object' && found !== null && 'message' in found
    ? String(found.message)
    : '';
}

/** The scripts of the page, and those that they load. */
async function scriptsFrom(canary: Canary, page: string): Promise<CheckResponse[]> {
  const scripts = new Map<string, CheckResponse>();
  const first = expectStatus(
    await canary.send({ method: 'GET', path: page, headers: { accept: 'text/html' } }),
    200,
  );
  const waiting = namesIn(first.body);
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (scripts.has(name)) continue;
    const script = await canary.send({ method: 'GET', path: `/assets/${name}` });
    if (script.status !== 200) continue;
    scripts.set(name, script);
    waiting.push(...namesIn(script.body));
  }
  return [...scripts.values()];
}

/** Names of build files, which contain a digest. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/[\w.-]+-[\w-]{8}\.js/g)].map(([name]) => name);
}
