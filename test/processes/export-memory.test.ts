import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/deployment/wire.ts';
import { recordActivity } from '../long-activity.ts';
import { memoryOf } from '../process-limits.ts';
import { serverProcesses, type ServerProcess } from '../server-process.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import type { Visitor } from '../visitor.ts';

const events = 12_000;
const people = 2;
/** Each account sends this many requests at once. */
const parallel = 6;
/**
 * The megabytes that the server may grow by: one export alone is four, and several times that as
 * objects.
 */
const maxGrowth = 60;

describe('exports of a long activity', () => {
  const servers = serverProcesses();

  it(
    `grow the server by less than ${maxGrowth} MB, however many are asked for at once`,
    { timeout: 240_000 },
    async () => {
      const server = await servers.start({
        database: { kind: 'libsql', path: `${await temporaryDirectory()}/flowcept.db` },
      });
      const visitors: Visitor[] = [];
      for (let at = 0; at < people; at += 1) visitors.push(await member(server, at));
      const before = await memoryOf(server.pid);
      const answers = await Promise.all(
        visitors.flatMap((visitor) =>
          Array.from({ length: parallel }, () => visitor.get('/api/account/export')),
        ),
      );
      const after = await memoryOf(server.pid, 'VmHWM');
      expect(after - before).toBeLessThan(maxGrowth);
      const whole = answers.filter(({ status }) => status === 200);
      expect(whole.length).toBeGreaterThanOrEqual(people);
      for (const { body } of whole) expect(body.activity.length).toBeGreaterThan(events);
      // A request after the end of another one succeeds; `export.live.test.ts` asserts that two
      // never run at once.
      for (const { status } of answers) expect([200, 429]).toContain(status);
    },
  );

  async function member(server: ServerProcess, at: number): Promise<Visitor> {
    const visitor = server.visitor();
    const { body } = await visitor.join(`long${at}@example.org`);
    const { store } = await openDatabase(server.config);
    await recordActivity(store, body.user.id, events, new Date());
    await store.close();
    return visitor;
  }
});
