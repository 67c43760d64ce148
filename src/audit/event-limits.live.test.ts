import { expect, it } from 'vitest';
import { deployed } from '../../test/deployment.ts';
import { onBothStores, onLibsql, type MakeDatabase } from '../../test/on-both-stores.ts';
import { goodPassword, type Visitor } from '../../test/visitor.ts';
import { minute } from '../clock.ts';

/** A user and the events recorded for them. */
function atDeployment(database: MakeDatabase) {
  const deployment = deployed(database);
  let made = 0;
  async function member() {
    const visitor = deployment().visitor();
    const email = `loop${(made += 1)}@example.org`;
    const { body } = await visitor.join(email);
    return { visitor, email, id: body.user.id };
  }
  const recorded = async (accountId: string, action: string) =>
    (
      await deployment().services.store.listEvents({
        accountId,
        actions: [action],
        before: null,
        limit: 1_000,
      })
    ).length;
  const rename = (visitor: Visitor, name: string) =>
    visitor.send('PATCH', '/api/account', { name });
  /** The same user from another network address. */
  const elsewhere = ({ cookies }: Visitor) => {
    const visitor = deployment().visitor();
    for (const [name, value] of cookies) visitor.cookies.set(name, value);
    return visitor;
  };
  return { deployment, member, recorded, rename, elsewhere };
}

onBothStores('the record of one account', (database) => {
  const { deployment, member, recorded, rename } = atDeployment(database);

  it('grows by at most a hundred changes in a burst over all sessions, and accepts more after a quarter of an hour', async () => {
    const { visitor, email, id } = await member();
    const second = deployment().visitor();
    await second.post('/api/sign-in', { email, password: goodPassword });
    const answers = [];
    for (let count = 0; count < 130; count += 1)
      answers.push(await rename(count % 2 === 0 ? visitor : second, `Ada ${count}`));
    expect(await recorded(id, 'account.renamed')).toBe(100);
    const last = answers.at(-1);
    expect([last?.status, last?.body.type]).toEqual([429, '/problems/rate-limited']);
    const wait = Number(last?.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(15 * 60);

    // Changes that protect the account are never rate-limited.
    expect((await visitor.delete('/api/sessions')).status).toBe(204);
    expect(await recorded(id, 'session.others-ended')).toBe(1);
    deployment().clock.move(15 * minute + 1);
    expect((await rename(visitor, 'Ada Lovelace')).status).toBe(200);
    expect((await rename(visitor, 'Ada Byron')).status).toBe(429);
    expect((await visitor.post('/api/sign-out')).status).toBe(204);
    expect(await recorded(id, 'session.ended')).toBe(1);
  }, 120_000);
});

onLibsql('the record of one account', (database) => {
  const { deployment, member, recorded, elsewhere } = atDeployment(database);

  it('does not grow through repeated re-authentication, from any number of addresses', async () => {
    const { visitor, id } = await member();
    let current = visitor;
    const statuses = [];
    for (let count = 0; count < 104; count += 1) {
      current = elsewhere(current);
      statuses.push(
        (await current.post('/api/session/confirm', { password: goodPassword })).status,
      );
    }
    expect(await recorded(id, 'session.confirmed')).toBeLessThanOrEqual(100);
    expect(statuses.slice(-4)).toEqual([429, 429, 429, 429]);
  }, 120_000);

  it('does not grow through repeated sign-ins and sign-outs, from any number of addresses, and recovery resets the limit', async () => {
    const { visitor, email, id } = await member();
    const statuses = [];
    for (let count = 0; count < 104; count += 1) {
      const one = deployment().visitor();
      statuses.push((await one.post('/api/sign-in', { email, password: goodPassword })).status);
      if (statuses.at(-1) === 200) await one.post('/api/sign-out');
    }
    expect(await recorded(id, 'session.begun')).toBeLessThanOrEqual(100);
    expect(statuses.slice(-4)).toEqual([429, 429, 429, 429]);
    const { body } = await visitor.post('/api/recovery', { email });
    const password = 'seven lamps along the harbour';
    expect(
      (
        await visitor.post('/api/recovery/complete', {
          challenge: body.challenge.id,
          code: await visitor.codeFor(email),
          password,
        })
      ).status,
    ).toBe(200);
    expect((await visitor.post('/api/sign-in', { email, password })).status).toBe(200);
  }, 120_000);

  it('counts changes for the account, however many sessions it has', async () => {
    const { visitor, email } = await member();
    const sessions = [visitor];
    while (sessions.length < 3) {
      const another = deployment().visitor();
      await another.post('/api/sign-in', { email, password: goodPassword });
      sessions.push(another);
    }
    const statuses: number[] = [];
    for (let round = 0; round < 22; round += 1) {
      const asked = sessions.flatMap((session) =>
        Array.from({ length: 10 }, (_, at) => session.delete(`/api/sessions/none-${round}-${at}`)),
      );
      statuses.push(...(await Promise.all(asked)).map(({ status }) => status));
    }
    const lookedAt = statuses.filter((status) => status === 404).length;
    expect([lookedAt, statuses.length]).toEqual([600, 660]);
  }, 120_000);
});
