import { expect, it } from 'vitest';
import { byHand } from '../test/by-hand.ts';
import { freePort } from '../test/free-port.ts';
import { onBothStores } from '../test/on-both-stores.ts';
import { expectRefusedStart } from '../test/refused-start.ts';
import { runFlowcept, serverProcesses, urlOf } from '../test/server-process.ts';
import { temporaryDirectory } from '../test/temporary-directory.ts';

onBothStores('F22: a pepper that is missing', (makeDatabase) => {
  const servers = serverProcesses();

  it(
    'every start with a database that has accounts fails, and no new pepper is created',
    { timeout: 120_000 },
    async () => {
      const database = await makeDatabase();
      const server = await servers.start({ database });
      expect((await server.visitor().join('ada@example.org')).status).toBe(200);
      await server.kill('SIGTERM');
      await byHand(server.config, {
        libsql: 'DELETE FROM secrets',
        mongodb: (db) => db.collection('secrets').deleteMany({}),
      });
      // The second start would find what the first one had created.
      for (let start = 1; start <= 2; start += 1) {
        const variables = { PORT: `${await freePort()}`, DATABASE_URL: urlOf(database) };
        expectRefusedStart(
          await runFlowcept(['serve'], await temporaryDirectory(), variables),
          /^The password pepper is missing /,
        );
      }
    },
  );
});
