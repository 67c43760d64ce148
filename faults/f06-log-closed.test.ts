import { describe, expect, it } from 'vitest';
import { serverProcesses } from '../test/server-process.ts';
import { temporaryDirectory } from '../test/temporary-directory.ts';

describe('F6: a log pipe without a reader, on libSQL', () => {
  const servers = serverProcesses();

  it(
    'a closed log pipe affects no request and no graceful shutdown',
    { timeout: 120_000 },
    async () => {
      const server = await servers.start({
        database: { kind: 'libsql', path: `${await temporaryDirectory()}/flowcept.db` },
      });
      server.closeLog();
      const visitor = server.visitor();
      // Each of these writes a line.
      for (let n = 0; n < 50; n += 1) expect((await visitor.get('/api/nothing')).status).toBe(404);
      expect((await visitor.join('ada@example.org')).status).toBe(200);
      expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    },
  );
});
