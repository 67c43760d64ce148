import fc from 'fast-check';
import { expect, test } from 'vitest';
import { minute, day } from '../../clock.ts';
import { readConfig } from '../../config.ts';
import { findCheck } from '../checks/all-checks.ts';
import { claims, factsOf } from '../claims/claims.ts';
import type { FrontMatter } from '../claims/front-matter.ts';
import type { Observation } from '../claims/observation.ts';
import { readSecuritySource } from '../claims/security-source.ts';
import { changesAt, statusesOf } from './view.ts';

const start = Date.UTC(2026, 0, 10, 12);
const claim = 'session-cookies';
const build = 'one';
const said: FrontMatter = {
  attestations: [
    {
      claim: 'penetration-test',
      statement: 'All is well',
      by: 'someone',
      basis: 'a report',
      from: '2026-01-11',
      until: '2026-01-12',
    },
  ],
  exceptions: [],
  dates: { 'soc-2': '2026-01-11' },
};
const facts = factsOf(readConfig({ BCRYPT_COST: '10' }), false);
const deciding = (at: number) => ({
  facts,
  source: { ...readSecuritySource(), ...said },
  build,
  now: new Date(at),
});

const anObservation = fc
  .record({
    check: fc.constantFrom(...claims[claim].checks),
    outcome: fc.constantFrom<Observation['outcome']>('true', 'true', 'true', 'false', 'unknown'),
    collected: fc.integer({ min: -3 * day, max: day }),
    ttl: fc.integer({ min: minute, max: day }),
  })
  .map(({ check, outcome, collected, ttl }): Observation => ({
    check,
    checkVersion: findCheck(check).version,
    build,
    outcome,
    reason: 'seen',
    examined: 1,
    population: 1,
    controlCaught: true,
    controlSaw: 'caught',
    collectedAt: new Date(start + collected),
    expiresAt: new Date(start + collected + ttl),
  }));

test('within the lifetime of a view, passing time changes no status', () => {
  fc.assert(
    fc.property(
      fc.array(anObservation, { maxLength: 20 }),
      fc.integer({ min: 0, max: 2 * day }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (observations, addMs, part) => {
        const now = start + addMs;
        const until = changesAt(observations, new Date(now)).getTime();
        expect(until).toBeGreaterThan(now);
        const statuses = statusesOf(observations, deciding(now));
        for (const at of [now + Math.floor((until - 1 - now) * part), until - 1])
          expect(statusesOf(observations, deciding(at))).toEqual(statuses);
      },
    ),
    { numRuns: 300 },
  );
});

test('an expiring observation or a new day ends the lifetime of a view', () => {
  const collectedAt = new Date(start);
  const [check = ''] = claims[claim].checks;
  const one = {
    check,
    checkVersion: '',
    build,
    outcome: 'true',
    reason: '',
    examined: 1,
    population: 1,
    controlCaught: true,
    controlSaw: '',
    collectedAt,
    expiresAt: new Date(start + minute),
  } as const;
  expect(changesAt([one], new Date(start))).toEqual(one.expiresAt);
  expect(changesAt([one], one.expiresAt)).toEqual(new Date(start + day / 2));
  expect(changesAt([one], new Date(start - 1))).toEqual(collectedAt);
});
