import { describe, expect, test } from 'vitest';
import { checks } from '../checks/all-checks.ts';
import { claims } from '../claims/claims.ts';
import type { Sources } from './check-context.ts';
import { fourTimesADay, judge, type Check, type Control } from './check.ts';
import { perform } from './controls.ts';
import type { CheckResponse } from './exchange.ts';

/** A deployment whose log has these lines, and that answers every request with this status. */
function sources({ lines = ['fine'], status = 200 } = {}): Sources {
  const nothing = () => Promise.reject(new Error('This deployment has none.'));
  const send = async (): Promise<CheckResponse> => ({
    to: 'GET /',
    status,
    headers: {},
    setCookies: [],
    body: '',
  });
  return {
    site: {
      origin: 'http://localhost',
      secure: false,
      answersHere: true,
      loopback: true,
      proxies: 0,
      database: { kind: 'libsql', hosts: [], name: 'x', loopback: true },
      providers: [],
      routes: [],
    },
    here: { domain: 'canary.invalid', send, mailTo: nothing },
    memory: new Map(),
    passwordHashes: async function* () {},
    factorCensus: nothing,
    storageFiles: nothing,
    logLines: () => lines,
    mongo: nothing,
    sendPlain: nothing,
    tlsProbe: { handshake: nothing, handshakeWithOldServer: nothing, offerSuites: nothing },
    secretScan: nothing,
    createTestInstance: nothing,
    keep: () => {},
  };
}

const broken: Control = {
  where: 'logs trouble',
  tamper: { logLines: (lines) => [...lines, 'trouble here'] },
};

/** A check that the log does not contain “trouble”. */
function check(given: Partial<Check> = {}): Check {
  return {
    id: 'log',
    version: '1',
    title: 'The log is quiet',
    method: 'EXAMINE',
    vantage: 'internal',
    ...fourTimesADay,
    limits: '',
    controls: [broken],
    async examine(context) {
      const lines = await context.logLines(['fine', 'trouble']);
      const faults = lines.filter((line) => line.includes('trouble'));
      return judge({ faults, holds: 'It is quiet.', examined: lines.length });
    },
    ...given,
  };
}

describe('a check that finds nothing wrong', () => {
  test('passes if it detects its negative control', async () => {
    expect(await perform(check(), sources())).toEqual({
      finding: { outcome: 'true', reason: 'It is quiet.', examined: 1, population: 1 },
      control: { caught: true, saw: '1 of 1 detected\nlogs trouble' },
    });
  });

  test.each<[string, Partial<Check>, string]>([
    ['has no negative control', { controls: [] }, 'The check has no negative controls.'],
    [
      'misses its negative control',
      { controls: [{ where: 'unchanged recording', tamper: { logLines: (lines) => lines } }] },
      'Not detected: unchanged recording (result: “true”).',
    ],
    [
      'misses one of two',
      { controls: [broken, { where: 'unchanged recording', tamper: {} }] },
      'Not detected: unchanged recording (result: “true”).',
    ],
    [
      'cannot fail',
      {
        examine: async () => ({ outcome: 'true', reason: 'Trust me.', examined: 1, population: 1 }),
      },
      'Not detected: logs trouble (result: “true”).',
    ],
    [
      'breaks on its negative control instead of detecting it',
      {
        controls: [
          {
            where: 'log that throws',
            tamper: {
              logLines: () => {
                throw new Error('ouch');
              },
            },
          },
        ],
      },
      'Not detected: log that throws (result: “ouch”).',
    ],
    [
      'has only negative controls for other deployments',
      { controls: [{ ...broken, on: ({ secure }) => secure }] },
      'The check has no negative controls.',
    ],
  ])('is an error if it %s', async (_, given, saw) => {
    const { finding, control } = await perform(check(given), sources());
    expect(finding).toMatchObject({
      outcome: 'error',
      reason: `The check did not show that it can fail. ${saw}`,
    });
    expect(control).toEqual({ caught: false, saw });
  });

  test('is an error if a replay of the same recording has another result', async () => {
    let looks = 0;
    const fickle = check({
      async examine(context) {
        await context.logLines(['fine']);
        looks += 1;
        return judge({ faults: looks === 1 ? [] : ['no'], holds: 'yes', examined: 1 });
      },
    });
    const { finding, control } = await perform(fickle, sources());
    expect(finding.outcome).toBe('error');
    expect(control).toEqual({
      caught: false,
      saw: 'The replay of the unchanged recording gave another result: “false”.',
    });
  });

  test('cannot reach the deployment in a replay', async () => {
    const curious = check({
      async examine(context) {
        const lines = await context.logLines(['fine', 'trouble']);
        if (lines.length > 1)
          await context.canary().then((canary) => canary.send({ method: 'GET', path: '/more' }));
        return judge({ faults: lines.slice(1), holds: 'It is quiet.', examined: 1 });
      },
    });
    const { control } = await perform(curious, sources());
    expect(control.saw).toContain('The recording has no');
  });
});

describe('a check that finds a fault', () => {
  test('fails, whatever its negative controls show', async () => {
    const { finding } = await perform(check({ controls: [] }), sources({ lines: ['trouble'] }));
    expect(finding).toEqual({ outcome: 'false', reason: 'trouble', examined: 1, population: 1 });
  });

  test('names the first fault and counts the others', () => {
    expect(judge({ faults: ['One.', 'Two.', 'Three.'], holds: '', examined: 3 }).reason).toBe(
      'One. And 2 more faults.',
    );
  });
});

test('a check that had nothing to examine does not pass', async () => {
  expect(judge({ faults: [], holds: 'yes', examined: 0 }).outcome).toBe('unknown');
  expect(judge({ faults: [], holds: 'yes', examined: 2, population: 3 }).outcome).toBe('unknown');
  const { finding, control } = await perform(check(), sources({ lines: [] }));
  expect(finding.outcome).toBe('unknown');
  expect(control.caught).toBe(false);
});

describe('the catalogue', () => {
  const named = Object.values(claims).flatMap((claim) => [...claim.checks]);

  test('names only existing checks, and every check belongs to a claim', () => {
    expect([...new Set(named)].sort()).toEqual(checks.map(({ id }) => id).sort());
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
  });

  test('has checks for every claim that checks must prove, and negative controls for every check', () => {
    for (const { policy, checks: needed } of Object.values(claims))
      if (policy !== 'roadmap') expect(policy === 'checks').toBe(needed.length > 0);
    for (const { controls } of checks)
      expect(controls.filter(({ on }) => on === undefined).length).toBeGreaterThan(0);
  });

  test('lets every success remain valid for at least two runs', () => {
    for (const { cadence, ttl } of checks) expect(ttl).toBeGreaterThanOrEqual(2 * cadence);
  });
});
