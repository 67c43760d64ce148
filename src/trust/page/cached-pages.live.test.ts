import { afterAll, beforeAll, expect, it } from 'vitest';
import { deploy, type TestDeployment } from '../../../test/deployment.ts';
import { onBothStores } from '../../../test/on-both-stores.ts';
import { goodPassword, type Visitor } from '../../../test/visitor.ts';
import { offerClaim } from '../../accounts/claim-operator.ts';
import { minute } from '../../clock.ts';
import { findCheck } from '../checks/all-checks.ts';
import { buildDigest } from '../claims/build.ts';
import { claims } from '../claims/claims.ts';
import type { Observation } from '../claims/observation.ts';
import { signEntry } from '../evidence-log/entry.ts';
import { readEvidenceLog } from '../evidence-log/evidence-log.ts';
import { nextEntry } from '../evidence-log/next-entry.ts';

const claim = 'session-cookies';

onBothStores('the security page, kept', (database) => {
  let one: TestDeployment;
  let other: TestDeployment;
  beforeAll(async () => {
    const setting = await database();
    [one, other] = await Promise.all([
      deploy(async () => setting, { PORT: '1' }),
      deploy(async () => setting, { PORT: '1' }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([one, other].map(({ services }) => services.trust.stop()));
    await Promise.all([one?.stop(), other?.stop()]);
  });

  /** Records a run in which every check of this claim passed, or failed. */
  async function record(
    { services: { store, signer }, clock }: TestDeployment,
    given: Partial<Observation> = {},
  ): Promise<void> {
    const now = clock.now();
    const links = await store.entriesAfter(0, 1_000);
    const chain = readEvidenceLog(links, {
      key: signer.publicKey,
      from: now,
      checks: [],
      loss: null,
    });
    const build = await buildDigest();
    const observations = claims[claim].checks.map((check): Observation => ({
      check,
      checkVersion: findCheck(check).version,
      build,
      outcome: 'true',
      reason: 'It holds.',
      examined: 1,
      population: 1,
      controlCaught: true,
      controlSaw: 'caught',
      collectedAt: now,
      expiresAt: new Date(now.getTime() + 30 * minute),
      ...given,
    }));
    const run = {
      id: `run ${links.length}`,
      trigger: 'cron' as const,
      startedAt: now,
      endedAt: now,
    };
    expect(
      await store.appendEntry(
        signEntry(
          signer,
          nextEntry(chain, {
            at: now,
            build,
            run,
            observations,
            declared: [],
            statuses: () => ({}),
          }),
        ),
      ),
    ).toBe(true);
  }
  const statusAt = async (visitor: Visitor) => {
    const { body } = await visitor.get('/api/trust');
    return body.claims.find(({ id }: { id: string }) => id === claim).status;
  };
  /** The status and age on the claim’s own page. */
  const pageAt = async (visitor: Visitor) => {
    const { body } = await visitor.get(`/security/claims/${claim}`, { Accept: 'text/html' });
    const [, status = ''] = /class="fc-chip [^"]*">(?:<svg.*?<\/svg>)?([^<]+)/.exec(body) ?? [];
    const [, age = ''] = /<time datetime="[^"]+" title="[^"]+">([^<]+)</i.exec(body) ?? [];
    return { status: status.toLowerCase(), age };
  };

  it('shows in every process at once what one process has recorded', async () => {
    const [here, there] = [one.visitor(), other.visitor()];
    expect([await statusAt(here), await statusAt(there)]).toEqual(['unverified', 'unverified']);
    await record(one);
    expect([await statusAt(there), (await pageAt(there)).status]).toEqual(['verified', 'verified']);
    await record(other, { outcome: 'false', reason: 'It broke.' });
    expect([await statusAt(here), (await pageAt(here)).status]).toEqual(['failing', 'failing']);
    one.clock.move(1_000);
    other.clock.move(1_000);
    await record(one);
    expect([await statusAt(there), (await pageAt(there)).status]).toEqual(['verified', 'verified']);
  });

  it('shows the correct age at all times, and is never green when expired', async () => {
    const visitor = one.visitor();
    one.clock.move(minute);
    await record(one);
    const at = one.clock.now().getTime();
    expect(await pageAt(visitor)).toEqual({ status: 'verified', age: 'just now' });
    for (const [after, age] of [
      [65, '1 minute ago'],
      [110, '1 minute ago'],
      [125, '2 minutes ago'],
      [29 * 60 + 45, '29 minutes ago'],
    ] as const) {
      one.clock.move(at + after * 1_000 - one.clock.now().getTime());
      expect([after, await pageAt(visitor)]).toEqual([after, { status: 'verified', age }]);
    }
    one.clock.move(at + 30 * minute - one.clock.now().getTime());
    expect([await statusAt(visitor), await pageAt(visitor)]).toEqual([
      'unverified',
      { status: 'unverified', age: '30 minutes ago' },
    ]);
    // A wrong clock that is set back.
    one.clock.move(-20 * minute);
    expect([await statusAt(visitor), await pageAt(visitor)]).toEqual([
      'verified',
      { status: 'verified', age: '10 minutes ago' },
    ]);
    one.clock.move(20 * minute);
    expect(await statusAt(visitor)).toBe('unverified');
  });

  it('never shows one user content meant for another', async () => {
    const [stranger, member, operator] = [one.visitor(), one.visitor(), one.visitor()];
    await member.join('reader@example.com');
    const token = (await offerClaim(one.services)).split('token=')[1];
    await operator.post('/api/operators/claim', {
      token,
      email: 'op@example.com',
      password: goodPassword,
      name: 'Olga',
    });
    const look = async (visitor: Visitor, path: string) => {
      const { headers, body } = await visitor.get(path, { Accept: 'text/html' });
      return {
        home: body.includes('href="/home"'),
        run: body.includes('action="/security/run"'),
        control: headers.get('cache-control'),
        vary: headers.get('vary'),
      };
    };
    for (let round = 0; round < 2; round += 1) {
      for (const [visitor, home, run] of [
        [operator, true, true],
        [stranger, false, false],
        [member, true, false],
      ] as const) {
        const control = home ? 'private, no-cache' : 'no-cache';
        expect(await look(visitor, '/security')).toEqual({
          home,
          run,
          control,
          vary: 'Cookie, Accept-Encoding',
        });
        expect(await look(visitor, `/security/claims/${claim}`)).toEqual({
          home,
          run: false,
          control,
          vary: 'Cookie, Accept-Encoding',
        });
      }
    }
    const tag = (await operator.get('/security')).headers.get('etag') ?? '';
    expect((await operator.get('/security', { 'If-None-Match': tag })).status).toBe(304);
    expect((await stranger.get('/security', { 'If-None-Match': tag })).status).toBe(200);
    await operator.post('/api/sign-out');
    expect(await look(operator, '/security')).toMatchObject({ home: false, run: false });
  });

  it('is limited to a number of requests per address and minute', async () => {
    const visitor = one.visitor();
    const paths = [
      '/security',
      `/security/claims/${claim}`,
      '/api/trust',
      '/docs',
      '/openapi.json',
      '/problems',
      '/problems/gone',
      '/.well-known/flowcept-evidence.jws',
      '/',
    ];
    const statuses: number[] = [];
    for (let round = 0; round < 35; round += 1)
      statuses.push(
        ...(await Promise.all(paths.map(async (path) => (await visitor.get(path)).status))),
      );
    expect([
      statuses.filter((status) => status === 200).length,
      statuses.filter((status) => status === 429).length,
    ]).toEqual([300, 15]);
    const refused = await visitor.get('/security');
    expect([refused.body.type, Number(refused.headers.get('retry-after')) > 0]).toEqual([
      '/problems/rate-limited',
      true,
    ]);
    expect((await one.visitor().get('/security')).status).toBe(200);
    one.clock.move(minute);
    expect((await visitor.get('/security')).status).toBe(200);
  });
});
