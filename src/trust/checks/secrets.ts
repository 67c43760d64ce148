import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import { contradicts, Inconclusive, nameOf, type CheckResponse } from '../probe/exchange.ts';
import type { SecretScan } from '../probe/secret-scan.ts';
import { answering } from './support/tamper.ts';

/** Paths where secrets are found if they were deployed with the code. */
const paths = [
  '/.git/config',
  '/.git/HEAD',
  '/.gitignore',
  '/.env',
  '/.env.local',
  '/.env.production',
  '/.npmrc',
  '/.aws/credentials',
  '/.ssh/id_rsa',
  '/flowcept.keys',
  '/data/flowcept.keys',
  '/flowcept.db',
  '/data/flowcept.db',
  '/data/flowcept.db.key',
  '/backup.sql',
  '/dump.json',
  '/config.json',
  '/package.json',
  '/src/config.ts',
  '/dist/server/main.js',
  '/dist/server/main.js.map',
  '/node_modules/hono/package.json',
  '/server.key',
  '/assets/index.js.map',
];

/** ASVS 13.3.1, 13.4.1. */
export const secrets: Check = {
  id: 'secrets',
  version: '1',
  title: 'No secret is in the code, its history or the files that browsers receive',
  method: 'EXAMINE',
  vantage: 'source',
  ...fourTimesADay,
  limits:
    'Secrets of an unknown format that are not this deployment’s own, forks and copies elsewhere, the history of code that has none beside it, and whether a leaked secret was replaced',
  async examine(context) {
    const { places, sighted } = await context.secretScan();
    const canary = await context.canary();
    const answers: CheckResponse[] = [];
    for (const path of paths) answers.push(await canary.send({ method: 'GET', path }));
    if (!sighted)
      throw new Inconclusive('The scanner did not find the secrets that were planted as a test.');

    const faults = [
      ...places.flatMap(({ what, found }) => found.map((kind) => `The ${what} contain ${kind}.`)),
      ...answers
        .filter((answer) => contradicts(answer, 404))
        .map((answer) => `${nameOf(answer)} returned ${answer.status}.`),
    ];
    const read = places.map(({ what, pieces }) => `${pieces} ${what}`).join(', ');
    const examined = places.reduce((sum, { pieces }) => sum + pieces, answers.length);
    const holds = `None in ${read}${hasHistory(places) ? '' : ' (no history is available)'}. ${answers.length} of ${answers.length} common paths of leaked files return nothing.`;
    return judge({
      faults,
      needs: answers,
      holds,
      examined: places.some(({ pieces }) => pieces === 0) ? 0 : examined,
      population: examined,
    });
  },
  controls: [
    ...['files sent to browsers', 'code files'].map((place) => ({
      where: `private key in the ${place}`,
      tamper: {
        secretScan: ({ places, ...rest }: SecretScan) => ({
          ...rest,
          places: places.map((one) =>
            one.what === place ? { ...one, found: ['a private key'] } : one,
          ),
        }),
      },
    })),
    {
      where: 'history served',
      tamper: answering('/.git/config', () => ({ status: 200, body: '[core]' })),
    },
    {
      where: 'settings served',
      tamper: answering('/.env', () => ({ status: 200, body: 'FLOWCEPT_KEYS=' })),
    },
  ],
};

function hasHistory(places: SecretScan['places']): boolean {
  return places.some(({ what }) => what.includes('history'));
}
