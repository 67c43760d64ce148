import type { CheckContext } from '../probe/check-context.ts';
import { judge, oftenFromOutside, type Check } from '../probe/check.ts';
import { contradicts, nameOf, problemOf, type CheckResponse } from '../probe/exchange.ts';

const pages = ['/', '/security', '/sign-in?to=/home'];
const calls = [
  { method: 'GET', path: '/api/session' },
  { method: 'POST', path: '/api/sign-in' },
];

/** ASVS 4.1.2, 12.2.1. */
export const httpsRedirect: Check = {
  id: 'https-redirect',
  version: '1',
  title: 'Plain HTTP requests for pages redirect to HTTPS, and API requests are rejected',
  method: 'TEST',
  vantage: 'black-box',
  ...oftenFromOutside,
  limits:
    'Ports other than the one that serves plain HTTP, and interception of a first visit, before HSTS applies',
  async examine(context) {
    const led = await askAll(
      context,
      pages.map((path) => ({ method: 'GET', path })),
    );
    const refused = await askAll(context, calls);
    const faults = [
      ...led
        .filter(
          (answer, at) =>
            contradicts(answer, 308) ||
            answer.headers['location'] !== `${context.site.origin}${pages[at]}`,
        )
        .map(
          (answer) =>
            `${nameOf(answer)} returned ${answer.status} and redirects to ${answer.headers['location'] ?? 'nothing'}.`,
        ),
      ...refused
        .filter((answer) => contradicts(answer, 403) || problemOf(answer) !== 'https-required')
        .map((answer) => `${nameOf(answer)} returned ${answer.status} over plain HTTP.`),
      ...[...led, ...refused]
        .filter(({ setCookies }) => setCookies.length > 0)
        .map((answer) => `${nameOf(answer)} sets a cookie over plain HTTP.`),
    ];
    const holds = `${led.length} of ${led.length} pages redirected to the same page over HTTPS, and ${refused.length} of ${refused.length} API requests were rejected.`;
    return judge({
      faults,
      needs: [...led, ...refused],
      holds,
      examined: led.length + refused.length,
    });
  },
  controls: [
    {
      where: 'page served over plain HTTP',
      tamper: {
        plainAnswer: (answer, { asked }) =>
          asked === 'GET /security' ? { ...answer, status: 200 } : answer,
      },
    },
    {
      where: 'redirect to another site',
      tamper: {
        plainAnswer: (answer) => ({
          ...answer,
          headers: { ...answer.headers, location: 'https://elsewhere.example/' },
        }),
      },
    },
    {
      where: 'API requests redirected to HTTPS',
      tamper: {
        plainAnswer: (answer, { asked }) =>
          asked.includes('/api/') ? { ...answer, status: 308 } : answer,
      },
    },
    {
      where: 'cookie set over plain HTTP',
      tamper: { plainAnswer: (answer) => ({ ...answer, setCookies: ['a=1'] }) },
    },
  ],
};

async function askAll(
  context: CheckContext,
  requests: readonly { method: string; path: string }[],
): Promise<CheckResponse[]> {
  const answers: CheckResponse[] = [];
  for (const request of requests) answers.push(await context.plainAnswer(request));
  return answers;
}
