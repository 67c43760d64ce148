import { expect, it } from 'vitest';
import { deployed } from '../../test/deployment.ts';
import { recordActivity } from '../../test/long-activity.ts';
import { onBothStores } from '../../test/on-both-stores.ts';
import type { Visitor } from '../../test/visitor.ts';

const path = '/api/account/export';

onBothStores('an export', (database) => {
  const deployment = deployed(database);
  let made = 0;
  async function member(events = 0) {
    const visitor = deployment().visitor();
    const { body } = await visitor.join(`export${(made += 1)}@example.org`);
    await recordActivity(
      deployment().services.store,
      body.user.id,
      events,
      deployment().clock.now(),
    );
    return { visitor, id: body.user.id };
  }
  const begin = async (visitor: Visitor) => {
    const answer = await visitor.open('GET', path);
    expect(answer.status).toBe(200);
    return answer;
  };

  it('contains every event once, newest first, however many there are', async () => {
    const { visitor, id } = await member(523);
    const { status, headers, body } = await visitor.get(path);
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
      200,
      'application/json',
      'no-store',
    ]);
    expect(Object.keys(body)).toEqual([
      'exportedAt',
      'user',
      'sessions',
      'secondFactors',
      'recoveryCodesLeft',
      'secondFactorRecovery',
      'signInProviders',
      'activity',
    ]);
    const kept = await deployment().services.store.listEvents({
      accountId: id,
      before: null,
      limit: 1_000,
    });
    expect(kept.length).toBeGreaterThan(523);
    expect(body.activity.map((item: { id: string }) => item.id)).toEqual(
      kept.map((event) => event.id),
    );
  });

  it('runs once at a time for an account, in any of its sessions, and can be repeated afterwards', async () => {
    const { visitor } = await member(300);
    const first = await begin(visitor);
    const second = await visitor.get(path);
    expect([
      second.status,
      second.body.type,
      Number(second.headers.get('retry-after')) > 0,
    ]).toEqual([429, '/problems/rate-limited', true]);
    expect(second.body.detail).toMatch(/export/i);
    const another = await member();
    expect((await another.visitor.get(path)).status).toBe(200);
    await first.text();
    expect((await visitor.get(path)).status).toBe(200);
  });

  it('ends as soon as its reader disconnects', async () => {
    const { visitor } = await member(300);
    const unread = await begin(visitor);
    await unread.body?.cancel();
    const half = await begin(visitor);
    const reader = half.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect((await visitor.open('HEAD', path)).status).toBe(200);
    expect((await visitor.get(path)).status).toBe(200);
  });

  it('ends after ten minutes, even for a slow reader', async () => {
    const { visitor } = await member(500);
    const slow = await begin(visitor);
    const reader = slow.body?.getReader();
    await reader?.read();
    deployment().clock.move(10 * 60_000 + 1);
    await expect(
      (async () => {
        for (let read = await reader?.read(); read?.done === false; read = await reader?.read());
      })(),
    ).rejects.toThrow();
    expect((await visitor.get(path)).status).toBe(200);
  });

  it('is refused to a user who requests one after another', async () => {
    const { visitor } = await member();
    const statuses = [];
    for (let count = 0; count < 11; count += 1) statuses.push((await visitor.get(path)).status);
    expect(statuses).toEqual([...Array(10).fill(200), 429]);
  });
});
