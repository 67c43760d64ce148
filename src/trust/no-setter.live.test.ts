import { describe, expect, test } from 'vitest';
import { deployed, type TestDeployment } from '../../test/deployment.ts';
import { temporaryDirectory } from '../../test/temporary-directory.ts';
import { goodPassword, type Visitor } from '../../test/visitor.ts';
import { offerClaim } from '../accounts/claim-operator.ts';
import { endpointsOf } from '../app.ts';
import { mapSettings, readConfig, StartRefused } from '../config.ts';
import { checks } from './checks/all-checks.ts';
import { plausibleBody } from './checks/support/plausible-body.ts';
import { claims, factsOf, type DeploymentFacts } from './claims/claims.ts';
import type { Observation } from './claims/observation.ts';
import { readSecuritySource } from './claims/security-source.ts';
import { signEntry } from './evidence-log/entry.ts';
import { emptyState } from './evidence-log/log-state.ts';
import { nextEntry } from './evidence-log/next-entry.ts';
import { statusesOf } from './page/view.ts';
import { routesOf } from './probe/site-routes.ts';

const cronSecret = 'a-secret-for-scheduled-runs';
const green = ['verified', 'attested'];
/** Starts a run, which is the only way to change a status. `routes.live.test.ts` tests who may do so. */
const run = ['POST /api/trust/run', 'POST /security/run'];

const failed = (check: string): Observation => ({
  check,
  checkVersion: '1',
  build: 'another',
  outcome: 'false',
  reason: 'It broke.',
  examined: 1,
  population: 1,
  controlCaught: true,
  controlSaw: 'caught',
  collectedAt: new Date(),
  expiresAt: new Date(),
});

describe('no request', () => {
  const deployment = deployed(
    async () => ({ kind: 'libsql', path: `${await temporaryDirectory()}/flowcept.db` }),
    { PORT: '1', CRON_SECRET: cronSecret, RATE_LIMITS: 'off' },
  );

  /** Records one failure and nothing else. */
  async function recordFailure({ services: { store, signer } }: TestDeployment): Promise<void> {
    const nothing = {
      head: null,
      checkpoint: null,
      state: emptyState,
      observations: [],
      brokenBefore: null,
    };
    const at = new Date();
    const link = nextEntry(nothing, {
      at,
      build: 'another',
      run: { id: 'a run', trigger: 'cron', startedAt: at, endedAt: at },
      observations: [failed('code-attempts')],
      declared: [],
      statuses: () => ({}),
    });
    expect(await store.appendEntry(signEntry(signer, link))).toBe(true);
  }

  /** Input of an attacker who tries to set a status. */
  const wishes = {
    status: 'verified',
    outcome: 'true',
    statuses: { 'code-limits': 'verified' },
    claims: [{ id: 'code-limits', status: 'verified' }],
    observations: [],
  };

  async function wish(visitor: Visitor, method: string, path: string, body: object): Promise<void> {
    const also = {
      'x-http-method-override': 'PUT',
      'x-status': 'verified',
      authorization: `Bearer ${cronSecret}`,
    };
    for (const sent of [body, { ...body, ...wishes }, wishes])
      await visitor.send(
        method,
        `${path}?status=verified`,
        method === 'GET' ? undefined : sent,
        also,
      );
  }

  test(
    'to any route or page, by any user and method, makes a claim greener or a failure milder',
    { timeout: 120_000 },
    async () => {
      const { services, visitor } = deployment();
      await recordFailure(deployment());
      const [stranger, member, operator] = [visitor(), visitor(), visitor()];
      await member.join('ada@example.com');
      const token = (await offerClaim(services)).split('token=')[1];
      expect(
        (
          await operator.post('/api/operators/claim', {
            token,
            email: 'op@example.com',
            password: goodPassword,
            name: 'Olga',
          })
        ).status,
      ).toBe(201);
      const before = (await stranger.get('/api/trust')).body;
      expect(before.claims.find(({ id }: { id: string }) => id === 'code-limits').status).toBe(
        'failing',
      );

      // Routes that end the session or the account come last.
      const routes = routesOf(endpointsOf(services)).filter(
        ({ method, path }) => !run.includes(`${method} ${path}`),
      );
      const ending = ({ method, path }: { method: string; path: string }) =>
        method === 'DELETE' || path.endsWith('/sign-out') ? 1 : 0;
      const ids = [...Object.keys(claims), '1', 'verified'];
      let asked = 0;
      for (const route of routes.toSorted((one, other) => ending(one) - ending(other))) {
        const paths = route.path.includes(':')
          ? [ids[asked % ids.length] ?? ''].map((id) => route.path.replaceAll(/:\w+/g, id))
          : [route.path];
        const owner = { email: 'ada@example.com', name: 'Ada', password: goodPassword };
        for (const visitor of [stranger, member, operator])
          for (const path of paths)
            await wish(visitor, route.method, path, plausibleBody(route, owner));
        asked += 1;
      }
      expect(asked).toBeGreaterThan(40);
      const pages = [
        '/api/trust',
        '/api/trust/history',
        '/security',
        '/security/code-limits',
        '/.well-known/flowcept-evidence.jws',
        '/.well-known/jwks.json',
        '/api/trust/claims/code-limits',
        '/api/trust/history/1',
      ];
      for (const visitor of [stranger, member, operator])
        for (const path of pages)
          for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
            await wish(visitor, method, path, {});

      const after = (await visitor().get('/api/trust')).body;
      expect(
        after.claims.map(({ id, status }: { id: string; status: string }) => [id, status]),
      ).toEqual(
        before.claims.map(({ id, status }: { id: string; status: string }) => [id, status]),
      );
      expect(after.record).toEqual(before.record);
      expect((await services.store.entriesAfter(0, 10)).length).toBe(1);
    },
  );
});

describe('no setting', () => {
  const source = readSecuritySource();
  const statuses = (facts: DeploymentFacts, observations: readonly Observation[]) =>
    statusesOf(observations, { facts, source, build: 'this one', now: new Date() });
  const flags = [false, true];
  const everyFact = flags.flatMap((plainLoopback) =>
    flags.flatMap((plainPort) =>
      flags.flatMap((socialSignIn) =>
        (['libsql', 'mongodb'] as const).flatMap((store) =>
          flags.flatMap((atlas) =>
            flags.map((vercel): DeploymentFacts => ({
              plainLoopback,
              plainPort,
              socialSignIn,
              store,
              atlas,
              vercel,
            })),
          ),
        ),
      ),
    ),
  );

  test('makes a claim without observations green, or a failure milder, on any platform', () => {
    const failures = checks.map(({ id }) => failed(id));
    const carried = Object.entries(claims)
      .filter(([, claim]) => claim.checks.length > 0)
      .map(([id]) => id);
    for (const facts of everyFact) {
      expect(Object.values(statuses(facts, [])).filter((word) => green.includes(word))).toEqual([]);
      const ofFailures = statuses(facts, failures);
      expect(carried.filter((claim) => ofFailures[claim] !== 'failing')).toEqual([]);
    }
  });

  test('accepts a status as its value', () => {
    const names = Object.keys(mapSettings(() => null));
    expect(names.length).toBeGreaterThan(20);
    let taken = 0;
    for (const name of names) {
      for (const value of [
        'verified',
        'true',
        'on',
        'off',
        'all',
        'attested',
        'code-limits=verified',
        '10',
        'https://localhost',
      ]) {
        const config = configOf({ [name]: value });
        if (config === null) continue;
        taken += 1;
        const words = statuses(factsOf(config, false), [failed('code-attempts')]);
        expect([name, value, words['code-limits']]).toEqual([name, value, 'failing']);
        expect(Object.values(words).filter((word) => green.includes(word))).toEqual([]);
      }
    }
    expect(taken).toBeGreaterThan(10);
  });

  function configOf(variables: Record<string, string>) {
    try {
      return readConfig(variables);
    } catch (error) {
      if (error instanceof StartRefused) return null;
      throw error;
    }
  }
});
