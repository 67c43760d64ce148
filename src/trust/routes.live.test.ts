import { expect, test } from 'vitest';
import { z } from 'zod/mini';
import { deploy } from '../../test/deployment.ts';
import { temporaryDirectory } from '../../test/temporary-directory.ts';
import { trustView } from '../api/trust.ts';
import { claims } from './claims/claims.ts';

const cronSecret = 'a-secret-for-scheduled-runs';

/** No server listens on this port, so the checks are inconclusive. */
async function deployment() {
  const path = `${await temporaryDirectory()}/flowcept.db`;
  const deployed = await deploy(async () => ({ kind: 'libsql', path }), {
    PORT: '1',
    CRON_SECRET: cronSecret,
  });
  return { ...deployed, stop: () => deployed.services.trust.stop().then(deployed.stop) };
}

test('any visitor can read the page as data: every claim of the contract, none of them green before a run', async () => {
  const { visitor, stop } = await deployment();
  const { status, body, headers } = await visitor().get('/api/trust');
  expect(status).toBe(200);
  expect(headers.get('cache-control')).toBe('no-store');
  const view = z.parse(trustView, body);
  expect(view.ranAt).toBeNull();
  expect(view.claims.map(({ id }) => id).sort()).toEqual(Object.keys(claims).sort());
  expect(
    view.claims.filter(({ status: word }) => ['verified', 'attested', 'inherited'].includes(word)),
  ).toEqual([]);
  await stop();
});

test(
  'only operators and the schedule can start a run, which has finished when ranAt is newer',
  { timeout: 150_000 },
  async () => {
    const { visitor, stop } = await deployment();
    expect((await visitor().post('/api/trust/run')).status).toBe(401);
    expect(
      (
        await visitor().post(
          '/api/trust/run',
          {},
          { Authorization: 'Bearer another-secret-entirely' },
        )
      ).status,
    ).toBe(401);
    const member = visitor();
    await member.join('ada@example.com');
    expect((await member.post('/api/trust/run')).status).toBe(403);
    expect((await member.get('/api/trust')).body.ranAt).toBeNull();

    const asked = await visitor().post('/api/trust/run', undefined, {
      Authorization: `Bearer ${cronSecret}`,
    });
    expect(asked).toMatchObject({ status: 202, body: {} });
    await expect
      .poll(async () => (await member.get('/api/trust')).body.ranAt, { timeout: 120_000 })
      .not.toBeNull();
    await stop();
  },
);
