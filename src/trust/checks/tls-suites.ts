import { judge, oftenFromOutside, type Check } from '../probe/check.ts';
import { Inconclusive } from '../probe/exchange.ts';
import { protocolVersion, type SuiteAnswer } from '../probe/suite-offer.ts';
import { strongSuites, weakSuites } from './support/weak-suites.ts';

type Suites = Readonly<Record<string, number>>;

const strong = 'with ECDHE and authenticated encryption';
const weak: readonly [lacks: string, suites: Suites][] = Object.entries(weakSuites);
const weakCount = weak.reduce((sum, [, suites]) => sum + Object.keys(suites).length, 0);

/** ASVS 12.1.2. */
export const tlsSuites: Check = {
  id: 'tls-suites',
  version: '1',
  title: 'TLS 1.2 rejects cipher suites without forward secrecy or authenticated encryption',
  method: 'TEST',
  vantage: 'black-box',
  ...oftenFromOutside,
  limits: `Cipher suites other than the ${weakCount} that were offered, key sizes, groups and session tickets, and other network paths and host names of the site`,
  async examine(context) {
    const accepted: string[] = [];
    for (const [lacks, suites] of weak) {
      const { chosen } = await context.offerSuites(lacks, Object.values(suites));
      if (chosen !== null)
        accepted.push(`TLS 1.2 accepts a suite ${lacks} (${nameOf(chosen, suites)}).`);
    }
    const offered = await context.offerSuites(strong, Object.values(strongSuites));
    if (accepted.length === 0 && offered.chosen === null && offered.alert !== protocolVersion)
      throw new Inconclusive(
        `No suite ${strong} was accepted either, so the rejections prove nothing.`,
      );
    return judge({
      faults: accepted,
      holds: `The ${weakCount} suites ${weak.map(([lacks]) => lacks).join(', ')} were rejected. ${
        offered.chosen === null
          ? 'TLS 1.2 itself is not supported.'
          : `${nameOf(offered.chosen, strongSuites)} was accepted.`
      }`,
      examined: weakCount,
    });
  },
  controls: weak.map(([lacks, suites]) => ({
    where: `suites ${lacks} accepted`,
    tamper: {
      suiteAnswer: (seen: SuiteAnswer, { asked }: { asked: string }) =>
        asked === lacks ? { chosen: Object.values(suites)[0] ?? null, alert: null } : seen,
    },
  })),
};

function nameOf(chosen: number, suites: Suites): string {
  const [name] = Object.entries(suites).find(([, number]) => number === chosen) ?? [];
  return name ?? `0x${chosen.toString(16).padStart(4, '0')}`;
}
