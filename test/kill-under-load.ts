import { describe, expect, it } from 'vitest';
import { addMs, systemClock, minute } from '../src/clock.ts';
import { readConfig } from '../src/config.ts';
import { openDatabase } from '../src/deployment/wire.ts';
import type { DatabaseSetting } from '../src/environment.ts';
import { integrityOf } from './encrypted-file.ts';
import { freePort } from './free-port.ts';
import { liveUntilKilled, look, type Person, sideBySide, story, take } from './mixed-load.ts';
import { endTransactionsOf, noMongoDB, ownMongoDB } from './own-mongodb.ts';
import {
  type ServerProcess,
  type Servers,
  serverProcesses,
  usualVariables,
} from './server-process.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const config = readConfig(usualVariables);

/**
 * A server that is killed repeatedly while users sign up, sign in, change and reset their
 * passwords, on both stores.
 */
export function killedUnderLoad(kills: number): void {
  const title = `F7: a server killed ${kills} times under mixed load`;
  const timeout = (2 + kills) * minute;

  describe(`${title}, on libSQL`, () => {
    const servers = serverProcesses();

    it(
      'a killed server has kept every acknowledged change, and none by halves',
      { timeout },
      async () => {
        const path = `${await temporaryDirectory()}/flowcept.db`;
        await tellStory(servers, { kind: 'libsql', path }, kills, async () =>
          expect(await integrityOf(path, config)).toEqual(['ok']),
        );
      },
    );
  });

  describe.skipIf(noMongoDB)(`${title}, on MongoDB`, () => {
    const servers = serverProcesses();
    const mongodb = ownMongoDB({ syncOnCommit: false });

    it(
      'a killed server has kept every acknowledged change, and none by halves',
      { timeout },
      async () => {
        await tellStory(
          servers,
          { kind: 'mongodb', url: mongodb().url('flowcept_test_killed') },
          kills,
          () => endTransactionsOf(mongodb()),
        );
      },
    );
  });
}

async function tellStory(
  servers: Servers,
  database: DatabaseSetting,
  kills: number,
  afterKill: () => Promise<void>,
): Promise<void> {
  const launch = { database, port: await freePort() };
  const [people, acknowledged]: [Person[], string[]] = [[], []];
  let server = await servers.start(launch);
  for (let kill = 0; kill < kills; kill += 1) {
    const load = liveUntilKilled(server, `k${kill}`);
    // Sometimes early in the sequence, sometimes late.
    const enough = Math.ceil(((kill + 0.5) / kills) * story.length * sideBySide);
    await expect
      .poll(() => load.acknowledged.length, { timeout: minute, interval: 7 })
      .toBeGreaterThanOrEqual(enough);
    await load.kill();
    expect(load.odd, 'neither success nor the end').toEqual([]);
    await afterKill();
    await endLeases(database);
    server = await servers.start(launch);
    await Promise.all(load.people.map((person) => examine(person, server)));
    people.push(...load.people);
    acknowledged.push(...load.acknowledged);
  }
  expect(new Set(acknowledged).size, 'kinds of what was acknowledged').toBeGreaterThanOrEqual(
    story.length - 1,
  );
  for (const person of people)
    expect(await look(person, server.visitor()), `what ${person.email} finds in the end`).toBe(
      person.finds,
    );
}

/**
 * Every acknowledged change is stored; one in progress is stored or not. If not, it can be made
 * now; otherwise it cannot be made twice.
 */
async function examine(person: Person, server: ServerProcess): Promise<void> {
  const { email, finds: before, underWay } = person;
  const found = await look(person, server.visitor());
  const why = `what ${email} finds, who had found “${before}” and was at: ${underWay?.name ?? 'nothing'}`;
  expect([before, underWay?.untold ?? before], why).toContain(found);
  if (underWay === null) return;
  const wasDone = found !== before;
  const { status } = await take(person, underWay);
  if (status === 503) return examine(person, server);
  expect([status], `${underWay.name} of ${email}, which was ${wasDone ? '' : 'not '}done`).toEqual(
    wasDone ? [underWay.twice] : [expect.toSatisfy(isSuccess)],
  );
  if (person.underWay !== null) person.finds = found;
}

function isSuccess(status: number): boolean {
  return status === 200 || status === 202;
}

/**
 * What the killed server was delivering would be retried after a minute; the test does not wait for
 * it.
 */
async function endLeases(database: DatabaseSetting): Promise<void> {
  const { store } = await openDatabase({ database, keys: config.keys });
  const inTwoMinutes = addMs(systemClock.now(), 2 * minute);
  const claim = () => store.claimMail(inTwoMinutes, addMs(inTwoMinutes, 1));
  for (let mail = await claim(); mail; mail = await claim())
    await store.settleMail(mail, { kind: 'kept' });
  await store.close();
}
