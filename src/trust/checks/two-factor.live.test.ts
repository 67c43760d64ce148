import { afterEach, describe, expect, test } from 'vitest';
import { endpointsOf } from '../../app.ts';
import { readConfig } from '../../config.ts';
import { testInstanceFactory } from '../../deployment/test-instance.ts';
import type { Sources } from '../probe/check-context.ts';
import { perform, type Performed } from '../probe/controls.ts';
import type { FactorCensus } from '../probe/factor-census.ts';
import { routesOf } from '../probe/site-routes.ts';
import type { CreateTestInstance, TestInstance } from '../probe/test-instance.ts';
import { twoFactor } from './two-factor.ts';

const none = () => Promise.reject(new Error('This deployment has none.'));
const config = readConfig({
  BCRYPT_COST: '10',
  FLOWCEPT_KEYS: `t1:${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`,
});
const followed: FactorCensus = {
  accounts: 3,
  enrolled: 3,
  operators: 1,
  enrolledOperators: 1,
  inForce: true,
  leftOut: 2,
  signedUp: 2,
};

describe('the check of second factors', () => {
  const testInstances: TestInstance[] = [];
  afterEach(async () => {
    for (const testInstance of testInstances.splice(0)) await testInstance.close();
  });

  function seen(
    census: Partial<FactorCensus> = {},
    createTestInstance: CreateTestInstance = testInstanceFactory(config),
  ): Promise<Performed> {
    const sources: Sources = {
      site: {
        origin: config.origin,
        secure: false,
        answersHere: true,
        loopback: true,
        proxies: 0,
        database: { kind: 'libsql', hosts: [], name: 'x', loopback: true },
        providers: [],
        routes: routesOf(endpointsOf({ config })),
      },
      here: { domain: 'canary.invalid', send: none, mailTo: none },
      memory: new Map(),
      passwordHashes: async function* () {},
      factorCensus: async () => ({ ...followed, ...census }),
      storageFiles: none,
      logLines: () => [],
      mongo: none,
      sendPlain: none,
      tlsProbe: { handshake: none, handshakeWithOldServer: none, offerSuites: none },
      secretScan: none,
      createTestInstance,
      keep: (testInstance) => testInstances.push(testInstance),
    };
    return perform(twoFactor, sources);
  }

  test('passes if all accounts have one and the rule requires it, and detects every negative control', async () => {
    const { finding, control } = await seen();
    expect(finding).toMatchObject({
      outcome: 'true',
      reason: expect.stringContaining('3 of 3 accounts have a second factor, 1 of 1 operators.'),
    });
    expect(control).toMatchObject({ caught: true });
  });

  test.each<[string, Partial<FactorCensus>, string]>([
    [
      'an account has none',
      { enrolled: 2 },
      '2 of 3 accounts have a second factor, 1 of 1 operators.',
    ],
    [
      'it is not required',
      { inForce: false },
      '3 of 3 accounts have a second factor, 1 of 1 operators. It is not required for every account yet.',
    ],
    [
      'no user is present',
      { accounts: 0, enrolled: 0 },
      '0 of 0 accounts have a second factor, 1 of 1 operators.',
    ],
  ])('reports the progress if %s', async (_, census, reason) => {
    expect((await seen(census)).finding).toMatchObject({ outcome: 'unknown', reason });
  });

  test('fails if it leaves out accounts that the run did not create', async () => {
    expect((await seen({ leftOut: 3 })).finding).toMatchObject({
      outcome: 'false',
      reason: 'The count leaves out 3 accounts, but this run created at most 2.',
    });
  });

  test.each<
    [string, (request: Request, on: TestInstance['fetch'], address: string) => Promise<Response>]
  >([
    [
      'lets who has none read what operators read',
      async (request, on, address) => {
        const answer = await on(request, address);
        return request.url.endsWith('/api/operator/record') && answer.status === 403
          ? Response.json({ items: [] })
          : answer;
      },
    ],
    [
      'locks people out',
      async (request, on, address) =>
        request.url.endsWith('/api/factors/totp') && request.headers.has('accept')
          ? new Response('{}', { status: 403 })
          : on(request, address),
    ],
  ])('fails for a server that %s, however many accounts have a factor', async (_, between) => {
    const createTestInstance: CreateTestInstance = async (options) => {
      const testInstance = await testInstanceFactory(config)(options);
      return {
        ...testInstance,
        fetch: (request, address) => between(request, testInstance.fetch, address),
      };
    };
    expect((await seen({ enrolled: 1 }, createTestInstance)).finding.outcome).toBe('false');
  });
});
