import bcrypt from '@node-rs/bcrypt';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { testInstanceFactory } from '../src/deployment/test-instance.ts';
import { deployed } from '../test/deployment.ts';
import { onBothStores } from '../test/on-both-stores.ts';
import { goodPassword } from '../test/visitor.ts';

/** Cases that look into the store or the log, or need a store that fails. */
onBothStores('attacks on what is kept', (database) => {
  const deployment = deployed(database, { BCRYPT_COST: '10' });

  it('E36 F44 Nothing that the database holds of a session, a code or a link can be replayed', async () => {
    const { visitor, services } = deployment();
    const owner = visitor();
    await owner.join('replay@example.org');
    await visitor().post('/api/sign-in', { email: 'replay@example.org', password: goodPassword });
    const token = [...owner.cookies].find(([name]) => name === 'flowcept')?.[1] ?? '';
    const [session] = await services.store.listSessions(
      (await services.store.findAccountByEmail('replay@example.org'))?.id ?? '',
      new Date(),
    );
    expect(JSON.stringify(session)).not.toContain(token);
    const thief = visitor();
    thief.cookies.set('flowcept', session?.tokenHash ?? '');
    expect((await thief.get('/api/session')).status).toBe(401);

    const { body } = await thief.post('/api/recovery', { email: 'replay@example.org' });
    const challenge = await services.store.findChallenge(body.challenge.id);
    expect(JSON.stringify(challenge)).not.toContain(await thief.codeFor('replay@example.org'));
    const guess = await thief.post('/api/recovery/complete', {
      challenge: challenge?.id,
      code: challenge?.codeHash,
      password: 'the thief sets a password',
    });
    expect(guess.status).toBe(422);
  });

  it('D34 The response time does not reveal an account whose hash has another cost', async () => {
    const { visitor, services } = deployment();
    await visitor().join('old-hash@example.org');
    const account = await services.store.findAccountByEmail('old-hash@example.org');
    if (!account?.passwordHash) throw new Error('There is no hash.');
    const cheap =
      `hmac-sha384:${await bcrypt.hash('something else', 6)}` as typeof account.passwordHash;
    await services.store.replacePasswordHash({
      accountId: account.id,
      from: account.passwordHash,
      to: cheap,
    });
    const times: Record<string, number[]> = { known: [], unknown: [] };
    for (let round = 0; round < 9; round += 1) {
      for (const [client, email] of [
        ['known', 'old-hash@example.org'],
        ['unknown', `unknown${round}@example.org`],
      ] as const) {
        const begun = performance.now();
        await visitor().post('/api/sign-in', { email, password: `a wrong password ${round}` });
        times[client]?.push(performance.now() - begun);
      }
    }
    const median = (values: number[] = []) => [...values].sort((a, b) => a - b)[4] ?? 0;
    const [known, unknown] = [median(times['known']), median(times['unknown'])];
    expect(Math.abs(known - unknown)).toBeLessThan(Math.max(25, 0.4 * Math.max(known, unknown)));
  });

  it('L124 The log contains no secret, after successes and after every problem', async () => {
    const { visitor, logLines } = deployment();
    const canary = 'canary-password of seven lamps';
    const client = visitor();
    await client.join('canary@example.org', canary);
    const code = await client.codeFor('canary@example.org');
    const token = [...client.cookies].map(([, value]) => value);
    await client.post('/api/sign-in', { email: 'canary@example.org', password: `${canary}!` });
    await client.post('/api/session/confirm', { password: canary, [canary]: 1 });
    await client.get(`/api/session?token=${token[0]}`);
    await client.get('/api/session', { Authorization: `Bearer ${token[0]}` });
    await client.post('/api/account/undo', { token: token[0] });
    for (const broken of [
      `{"password":${canary}}`,
      `{"password":"${canary}" "x"}`,
      canary,
      `"${canary}`,
    ]) {
      await visitor().post('/api/sign-in', broken);
    }
    const log = logLines().join('\n');
    for (const secret of ['canary-pas', canary, `"${code}"`, ...token])
      expect(log.includes(secret), `the log holds “${secret.slice(0, 12)}…”`).toBe(false);
  });
});

describe('a store that fails', () => {
  it('L129 The answer to an internal error reveals no internals', async () => {
    const other = await testInstanceFactory({
      ...readConfig({ BCRYPT_COST: '10' }),
      database: { kind: 'libsql', path: 'unused' },
    })({ breakStore: 'secret detail of the store' });
    try {
      for (const path of ['/api/session', '/', '/api/deployment', '/readyz', '/sandbox/mailbox']) {
        const answer = await other.fetch(
          new Request(`http://localhost:3000${path}`, {
            headers: { Host: 'localhost:3000', Cookie: `flowcept=${'A'.repeat(43)}` },
          }),
          '127.0.0.1',
        );
        const text = await answer.text();
        expect([path, answer.status]).toEqual([path, 500]);
        expect(text).not.toMatch(/secret detail|\.ts|at /);
        const { reference } = JSON.parse(text) as { reference: string };
        expect(other.logLines().filter((line) => line.includes(reference))).toHaveLength(1);
      }
    } finally {
      await other.close();
    }
  });
});
