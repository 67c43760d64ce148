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
  title: 'Over plain HTTP pages lead to HTTPS, and the API is refused',
  method: 'TEST',
  vantage: 'black-box',
  ...oftenFromOutside,
  limits:
    'It asks the one port where plain HTTP is served. A first visit can still be led astray before it: that is what HSTS is for.',
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
            `${nameOf(answer)} was answered ${answer.status} and leads to ${answer.headers['location'] ?? 'nowhere'}.`,
        ),
      ...refused
        .filter((answer) => contradicts(answer, 403) || problemOf(answer) !== 'https-required')
        .map((answer) => `${nameOf(answer)} was answered ${answer.status} over plain HTTP.`),
      ...[...led, ...refused]
        .filter(({ setCookies }) => setCookies.length > 0)
        .map((answer) => `${nameOf(answer)} sets a cookie over plain HTTP.`),
    ];
    const holds = `${led.length} of ${led.length} pages led to the same page over HTTPS, ${refused.length} of ${refused.length} calls of the API were refused.`;
    return judge({
      faults,
      needs: [...led, ...refused],
      holds,
      examined: led.length + refused.length,
    });
  },
  controls: [
    {
      where: 'that serves pages over plain HTTP',
      tamper: {
        plainAnswer: (answer, { asked }) =>
          asked === 'GET /security' ? { ...answer, status: 200 } : answer,
      },
    },
    {
      where: 'that leads elsewhere',
      tamper: {
        plainAnswer: (answer) => ({
          ...answer,
          headers: { ...answer.headers, location: 'https://elsewhere.example/' },
        }),
      },
    },
    {
      where: 'that leads the API to HTTPS, too',
      tamper: {
        plainAnswer: (answer, { asked }) =>
          asked.includes('/api/') ? { ...answer, status: 308 } : answer,
      },
    },
    {
      where: 'that sets a cookie on the way',
      tamper: { plainAnswer: (answer) => ({ ...answer, setCookies: ['a=1'] }) },
    },
  ],
};

async function askAll(
  context: CheckContext,
  asks: readonly { method: string; path: string }[],
): Promise<CheckResponse[]> {
  const answers: CheckResponse[] = [];
  for (const ask of asks) answers.push(await context.plainAnswer(ask));
  return answers;
}
