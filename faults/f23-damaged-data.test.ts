import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { byHand } from '../test/by-hand.ts';
import { deployed } from '../test/deployment.ts';
import { integrityOf } from '../test/encrypted-file.ts';
import { copyOf, killedDeployment } from '../test/killed-deployment.ts';
import { onBothStores } from '../test/on-both-stores.ts';
import { serverProcesses } from '../test/server-process.ts';
import { goodPassword, type Visitor } from '../test/visitor.ts';

type Change = Parameters<typeof byHand>[1];

onBothStores('F23: a damaged record', (makeDatabase) => {
  const deployment = deployed(makeDatabase);
  /**
   * Asserts that this request is rejected, once in the log with its cause, and that other users are
   * not affected.
   */
  const expectAloneRefused = async (
    damaged: () => Promise<{ status: number; body: { type: string; reference: string } }>,
    well: Visitor,
  ): Promise<void> => {
    const { status, body } = await damaged();
    expect([status, body.type]).toEqual([500, '/problems/internal']);
    const lines = deployment()
      .logLines()
      .filter((line) => line.includes(body.reference));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/is damaged/);
    expect((await well.get('/api/session')).status).toBe(200);
    expect((await well.get('/api/sessions')).status).toBe(200);
  };

  it.each<[what: string, label: string, change: (id: string) => Change]>([
    [
      'a session by an unknown sign-in method',
      'method',
      (id) => ({
        libsql: `UPDATE sessions SET method = 'unheard-of' WHERE id = '${id}'`,
        mongodb: (db) =>
          db
            .collection<{ _id: string }>('sessions')
            .updateOne({ _id: id }, { $set: { method: 'unheard-of' } }),
      }),
    ],
    [
      'a session that ends at no time there is',
      'end',
      (id) => ({
        libsql: `UPDATE sessions SET expires_at = 9000000000000000 WHERE id = '${id}'`,
        mongodb: (db) =>
          db
            .collection<{ _id: string }>('sessions')
            .updateOne({ _id: id }, { $unset: { expiresAt: '' } }),
      }),
    ],
  ])('%s is rejected, and affects nothing else', async (_, label, change) => {
    const { visitor, config } = deployment();
    const [bad, well] = [visitor(), visitor()];
    await bad.join(`bad-${label}@example.org`);
    await well.join(`well-${label}@example.org`);
    const { body } = await bad.get('/api/session');
    await byHand(config, change(body.session.id));
    await expectAloneRefused(() => bad.get('/api/session'), well);
    const elsewhere = await visitor().post('/api/sign-in', {
      email: body.user.email,
      password: goodPassword,
    });
    expect(elsewhere.status, 'its owner signs in from elsewhere').toBe(200);
  });

  it('a challenge with an unknown purpose is rejected, and affects nothing else', async () => {
    const { visitor, config } = deployment();
    const [well, stranger] = [visitor(), visitor()];
    await well.join('well@example.org');
    const { body } = await stranger.post('/api/recovery', { email: 'well@example.org' });
    const { id } = body.challenge;
    await byHand(config, {
      libsql: `UPDATE challenges SET purpose = 'unheard-of' WHERE id = '${id}'`,
      mongodb: (db) =>
        db
          .collection<{ _id: string }>('challenges')
          .updateOne({ _id: id }, { $set: { purpose: 'unheard-of' } }),
    });
    await expectAloneRefused(
      () => stranger.post(`/api/challenges/${id}/verify`, { code: '123456' }),
      well,
    );
  });
});

describe('F23: a damaged journal, on libSQL', () => {
  const servers = serverProcesses();

  it.each<[what: string, damage: (journal: string, bytes: Buffer) => Promise<void>]>([
    ['cut in its midst', (journal, { length }) => truncate(journal, Math.floor(length * 0.6))],
    [
      'overwritten at its end',
      (journal, bytes) =>
        writeFile(journal, Buffer.concat([bytes.subarray(0, -3_000), Buffer.alloc(3_000, 0xa5)])),
    ],
    ['of no length', (journal) => truncate(journal, 0)],
  ])(
    '%s is read up to the damage, and the server serves',
    { timeout: 120_000 },
    async (_, damage) => {
      const folder = await copyOf(await killedDeployment(servers));
      const path = join(folder, 'flowcept.db');
      await damage(`${path}-wal`, await readFile(`${path}-wal`));
      const server = await servers.start({ database: { kind: 'libsql', path } });
      expect((await server.visitor().join('later@example.org')).status).toBe(200);
      await server.kill('SIGTERM');
      expect(await integrityOf(path, server.config)).toEqual(['ok']);
    },
  );
});
