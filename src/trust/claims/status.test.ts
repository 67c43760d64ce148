import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minute } from '../../clock.ts';
import { claims } from './claims.ts';
import type { FrontMatter } from './front-matter.ts';
import type { Observation } from './observation.ts';
import { statusOf, type Evidence } from './status.ts';

const at = (minutes: number) => new Date(Date.UTC(2026, 0, 1) + minutes * minute);
const ttl = 60;

/** Claims have two checks, `a` and `b`. Builds, versions and times are few, so that combinations occur. */
const required = ['a', 'b'].map((id) => ({ id, version: '1', title: `Check ${id}` }));
const withoutAttestation: FrontMatter = { attestations: [], exceptions: [], dates: {} };

function observation(given: Partial<Observation> = {}): Observation {
  const collectedAt = given.collectedAt ?? at(0);
  return {
    check: 'a',
    checkVersion: '1',
    build: 'one',
    outcome: 'true',
    reason: 'seen',
    examined: 1,
    population: 1,
    controlCaught: true,
    controlSaw: 'caught',
    collectedAt,
    expiresAt: new Date(collectedAt.getTime() + ttl * minute),
    ...given,
  };
}

function evidence(observations: readonly Observation[], given: Partial<Evidence> = {}): Evidence {
  return {
    claim: 'session-cookies',
    policy: 'checks',
    checks: required,
    setting: null,
    observations,
    said: withoutAttestation,
    build: 'one',
    now: at(10),
    ...given,
  };
}
const status = (observations: readonly Observation[], given: Partial<Evidence> = {}) =>
  statusOf(evidence(observations, given)).status;

const anObservation = fc
  .record({
    check: fc.constantFrom('a', 'b'),
    checkVersion: fc.constantFrom('1', '2'),
    build: fc.constantFrom('one', 'two'),
    outcome: fc.constantFrom('true', 'false', 'unknown', 'error', 'not-applicable'),
    controlCaught: fc.boolean(),
    minutes: fc.integer({ min: 0, max: 200 }),
  })
  .map(({ minutes, ...given }) => observation({ ...given, collectedAt: at(minutes) }));

const people: FrontMatter = {
  attestations: [
    {
      claim: 'session-cookies',
      statement: 'All is well',
      by: 'the head of everything',
      basis: 'a feeling',
      from: '2025-12-01',
      until: '2026-06-01',
    },
  ],
  exceptions: [
    {
      claim: 'session-cookies',
      reason: 'being mended',
      instead: 'watching',
      requestedBy: 'one',
      approvedBy: 'another',
      until: '2026-06-01',
    },
  ],
  dates: { 'session-cookies': '2026-06-01' },
};
/** Everything about a deployment that an edit, a release or a clock can change. */
const surroundings = fc
  .record({
    policy: fc.constantFrom<Evidence['policy']>('checks', 'attestation', 'roadmap', 'none yet'),
    setting: fc.constantFrom<Evidence['setting']>(
      null,
      { status: 'inherited', reason: 'by someone' },
      { status: 'not-applicable', reason: 'not here' },
      { status: 'unverified', reason: 'who knows' },
    ),
    said: fc.constantFrom(withoutAttestation, people),
    build: fc.constantFrom('one', 'two', 'three'),
    version: fc.constantFrom('1', '2', '3'),
    now: fc.integer({ min: 0, max: 400 }).map(at),
  })
  .map(({ version, ...rest }) => ({
    ...rest,
    checks: required.map((check) => ({ ...check, version })),
  }));

const many = fc.array(anObservation, { maxLength: 30 });
/** Shuffles observations: no result may depend on the order of reading. */
const anyOrder = (observations: Observation[]) =>
  fc.shuffledSubarray(observations, { minLength: observations.length });

describe('for any history', () => {
  test('a failure without a newer success is failing, under any build, version, policy, setting, attestation and clock', () => {
    fc.assert(
      fc.property(many, anObservation, surroundings, (before, { check }, around) => {
        const last =
          Math.max(
            0,
            ...before
              .filter((one) => one.check === check)
              .map(({ collectedAt }) => collectedAt.getTime() - at(0).getTime()),
          ) / minute;
        const failure = observation({ check, outcome: 'false', collectedAt: at(last) });
        expect(status([...before, failure], around)).toBe('failing');
      }),
    );
  });

  test('inconclusive results after a failure never improve the status', () => {
    fc.assert(
      fc.property(many, surroundings, (observations, around) => {
        fc.pre(status(observations, around) === 'failing');
        const doubts = observations.map((one) => ({
          ...one,
          outcome: 'error' as const,
          collectedAt: at(300),
        }));
        const uncaught = observations.map((one) => ({
          ...one,
          outcome: 'true' as const,
          controlCaught: false,
          collectedAt: at(300),
        }));
        expect(status([...observations, ...doubts, ...uncaught], around)).toBe('failing');
      }),
    );
  });

  test('only a success is green that is newer than every failure, unexpired, of this build and version, with its negative controls detected', () => {
    fc.assert(
      fc.property(many, surroundings, (observations, around) => {
        const now = around.now.getTime();
        const carries = (check: { id: string; version: string }) => {
          const own = observations.filter((one) => one.check === check.id);
          const newestFailure = Math.max(
            Number.NEGATIVE_INFINITY,
            ...own
              .filter(({ outcome }) => outcome === 'false')
              .map(({ collectedAt }) => collectedAt.getTime()),
          );
          return own.some(
            (one) =>
              one.outcome === 'true' &&
              one.controlCaught &&
              one.build === around.build &&
              one.checkVersion === check.version &&
              one.collectedAt.getTime() <= now &&
              one.expiresAt.getTime() > now &&
              one.collectedAt.getTime() > newestFailure,
          );
        };
        if (status(observations, around) === 'verified')
          expect(around.checks.every(carries)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test('passing time alone never improves a status', () => {
    const rank = {
      failing: 0,
      unverified: 1,
      overdue: 1,
      'in-progress': 2,
      attested: 3,
      inherited: 3,
      'not-applicable': 3,
      verified: 4,
    };
    fc.assert(
      fc.property(
        many,
        surroundings,
        fc.integer({ min: 0, max: 1_000_000 }),
        (observations, around, wait) => {
          const past = observations.filter(
            ({ collectedAt, outcome }) => collectedAt <= around.now || outcome === 'false',
          );
          const then = new Date(around.now.getTime() + wait * minute);
          expect(rank[status(past, { ...around, now: then })]).toBeLessThanOrEqual(
            rank[status(past, around)],
          );
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('the order of reading and duplicate observations change nothing', () => {
    fc.assert(
      fc.property(
        many.chain((list) => fc.tuple(fc.constant(list), anyOrder(list))),
        surroundings,
        ([list, shuffled], around) => {
          expect(status(shuffled, around)).toBe(status(list, around));
          expect(status([...list, ...list], around)).toBe(status(list, around));
        },
      ),
    );
  });

  test('attestations alone never make a claim that needs checks green or attested', () => {
    fc.assert(
      fc.property(many, surroundings, (observations, around) => {
        const alone = status(observations, {
          ...around,
          policy: 'checks',
          said: withoutAttestation,
        });
        expect(status(observations, { ...around, policy: 'checks', said: people })).toBe(alone);
      }),
    );
  });
});

describe('a claim', () => {
  const both = [observation(), observation({ check: 'b' })];

  test('is verified while both checks are unexpired, until the instant at which they expire', () => {
    expect(status(both)).toBe('verified');
    expect(status(both, { now: at(ttl - 0.001) })).toBe('verified');
    expect(status(both, { now: at(ttl) })).toBe('unverified');
  });

  test.each<[string, readonly Observation[], Partial<Evidence>]>([
    ['one check was never made', [observation()], {}],
    ['another build is served', both, { build: 'two' }],
    [
      'a check has another version',
      both,
      { checks: required.map((check) => ({ ...check, version: '2' })) },
    ],
    [
      'a negative control was missed',
      [...both, observation({ controlCaught: false, collectedAt: at(1) })],
      {},
    ],
    [
      'the last look came to nothing',
      [...both, observation({ outcome: 'error', collectedAt: at(1) })],
      {},
    ],
    [
      'a success is dated ahead',
      [observation({ collectedAt: at(11) }), observation({ check: 'b' })],
      {},
    ],
    ['nothing checks it', [], { checks: [] }],
    [
      'a check says it does not apply',
      [...both, observation({ outcome: 'not-applicable', collectedAt: at(1) })],
      {},
    ],
  ])('is unverified if %s', (_, observations, given) => {
    expect(status(observations, given)).toBe('unverified');
  });

  test('is cleared of a failure only by a newer success', () => {
    const failure = observation({ outcome: 'false', collectedAt: at(1) });
    expect(status([...both, failure])).toBe('failing');
    expect(status([...both, failure, observation({ collectedAt: at(2) })])).toBe('verified');
    expect(status([...both, failure, observation({ collectedAt: at(1) })])).toBe('failing');
    expect(status([...both, failure, observation({ collectedAt: at(11) })])).toBe('failing');
    expect(status([...both, failure, observation({ collectedAt: at(2), build: 'two' })])).toBe(
      'unverified',
    );
  });

  test('is not green on a success older than a failure that another build cleared', () => {
    const elsewhere = (outcome: 'true' | 'false', minutes: number) =>
      observation({ outcome, build: 'two', collectedAt: at(minutes) });
    expect(status([...both, elsewhere('false', 1), elsewhere('true', 2)])).toBe('unverified');
  });

  test('is not green if one of two observations at the same instant was inconclusive', () => {
    expect(status([...both, observation({ outcome: 'error' })])).toBe('unverified');
    expect(status([observation({ outcome: 'error' }), ...both])).toBe('unverified');
  });

  test('counts a failure with a future date at once', () => {
    expect(status([...both, observation({ outcome: 'false', collectedAt: at(1_000) })])).toBe(
      'failing',
    );
  });

  test('that fails shows its exception and is still failing', () => {
    const failed = evidence(
      [...both, observation({ outcome: 'false', reason: 'It broke.', collectedAt: at(1) })],
      { said: people },
    );
    expect(statusOf(failed)).toEqual({
      status: 'failing',
      reason: 'Check a: It broke. Accepted until 2026-06-01 by another: being mended',
    });
    expect(statusOf({ ...failed, now: new Date('2026-06-02T00:00:00Z') })).toEqual({
      status: 'failing',
      reason: 'Check a: It broke.',
    });
  });
});

describe.each(['penetration-test', 'soc-2'] as const)('%s', (claim) => {
  const word = fc.string({ minLength: 1, maxLength: 12 });
  const aDay = fc
    .integer({ min: -400, max: 400 })
    .map((days) => new Date(at(days * 24 * 60)).toISOString().slice(0, 10));
  const anyone = fc.constantFrom(claim, 'session-cookies' as const);
  const anyWord = fc.record({
    attestations: fc.array(
      fc.record({
        claim: anyone,
        statement: fc.constantFrom('verified', 'All is verified'),
        by: word,
        basis: word,
        from: aDay,
        until: aDay,
      }),
      { maxLength: 4 },
    ),
    exceptions: fc.array(
      fc.record({
        claim: anyone,
        reason: word,
        instead: word,
        requestedBy: word,
        approvedBy: word,
        until: aDay,
      }),
      { maxLength: 3 },
    ),
    dates: fc.dictionary(anyone, aDay, { maxKeys: 2 }),
  });
  const facts = fc.record({
    plainLoopback: fc.boolean(),
    plainPort: fc.boolean(),
    socialSignIn: fc.boolean(),
    store: fc.constantFrom('libsql' as const, 'mongodb' as const),
    atlas: fc.boolean(),
    vercel: fc.boolean(),
  });
  const ofThisName = many.map((observations) =>
    observations.map((one) => ({ ...one, check: claim })),
  );

  test('is never verified, for any observations, attestations, settings, builds and times', () => {
    const { policy, checks: none, settingOn } = claims[claim];
    expect(none).toEqual([]);
    fc.assert(
      fc.property(
        fc.oneof(many, ofThisName),
        anyWord,
        surroundings,
        facts,
        (observations, said, { now, build }, fact) => {
          expect(['attested', 'in-progress', 'overdue']).toContain(
            status(observations, {
              claim,
              policy,
              checks: [],
              setting: settingOn(fact),
              said,
              now,
              build,
            }),
          );
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('would not be verified either if it had checks next to its attestation', () => {
    fc.assert(
      fc.property(many, anyWord, surroundings, (observations, said, around) => {
        expect(['verified', 'inherited', 'not-applicable']).not.toContain(
          status(observations, { ...around, claim, policy: 'attestation', setting: null, said }),
        );
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a claim that needs an attestation', () => {
  const soc2 = (said: Partial<FrontMatter>, now: string) =>
    status([], {
      claim: 'soc-2',
      policy: 'attestation',
      checks: [],
      said: { ...withoutAttestation, ...said },
      now: new Date(now),
    });
  const attestations: FrontMatter['attestations'] = [
    {
      claim: 'soc-2',
      statement: 'Type II',
      by: 'auditor',
      basis: 'report',
      from: '2026-01-01',
      until: '2026-12-31',
    },
  ];

  test('is attested from the first to the end of the last day', () => {
    expect(soc2({ attestations }, '2025-12-31T23:59:59Z')).toBe('in-progress');
    expect(soc2({ attestations }, '2026-01-01T00:00:00Z')).toBe('attested');
    expect(soc2({ attestations }, '2026-12-31T23:59:59Z')).toBe('attested');
    expect(soc2({ attestations }, '2027-01-01T00:00:00Z')).toBe('in-progress');
  });

  test('is overdue after its target date', () => {
    expect(soc2({ dates: { 'soc-2': '2026-03-01' } }, '2026-03-01T12:00:00Z')).toBe('in-progress');
    expect(soc2({ dates: { 'soc-2': '2026-03-01' } }, '2026-03-02T00:00:00Z')).toBe('overdue');
    expect(soc2({}, '2030-01-01T00:00:00Z')).toBe('in-progress');
  });

  test('is not attested by another claim’s attestation', () => {
    expect(
      soc2(
        { attestations: attestations.map((one) => ({ ...one, claim: 'penetration-test' })) },
        '2026-06-01',
      ),
    ).toBe('in-progress');
  });
});
