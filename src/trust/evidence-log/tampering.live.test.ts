import fc from 'fast-check';
import { mongo } from 'mongoose';
import { expect, test } from 'vitest';
import { onBothStores } from '../../../test/on-both-stores.ts';
import { newSigner } from '../../../test/signing.ts';
import { hour } from '../../clock.ts';
import { StartRefused } from '../../config.ts';
import { makeKeyring } from '../../crypto/keyring.ts';
import { openSigningKey } from '../../crypto/signing-key.ts';
import type { DatabaseSetting } from '../../environment.ts';
import type { SignedEntry } from '../../records.ts';
import { openDatabase } from '../../store/libsql/open.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/port.ts';
import type { Observation } from '../claims/observation.ts';
import { checkStatusOf } from '../claims/status.ts';
import { signEntry } from './entry.ts';
import type { EvidenceLog } from './evidence-log.ts';
import { nextEntry } from './next-entry.ts';
import { makeEvidenceRecorder } from './recorder.ts';

const encryptionKey = 'ab'.repeat(32);
const keyring = makeKeyring([{ id: 'k', key: Buffer.alloc(32, 7) }]);
const checks = [{ id: 'a' }, { id: 'b' }];

/** What an attacker with a database client can do, bypassing the server. */
interface Client {
  read(): Promise<SignedEntry[]>;
  /** Replaces all entries with these, unchanged. */
  write(links: readonly SignedEntry[]): Promise<void>;
  loseSecret(): Promise<void>;
  close(): Promise<void>;
}

async function libsqlClient(path: string): Promise<Client> {
  const db = await openDatabase(path, encryptionKey);
  return {
    read: async () =>
      db
        .prepare('SELECT seq, at, checkpoint, jws FROM links ORDER BY seq')
        .raw()
        .all([])
        .map((row) => {
          const [seq, at, checkpoint, jws] = row as [number, number, number, string];
          return { seq, at: new Date(at), checkpoint: checkpoint === 1, jws };
        }),
    async write(links) {
      db.exec('DELETE FROM links');
      const insert = db.prepare(
        'INSERT OR REPLACE INTO links (seq, at, checkpoint, jws) VALUES (?, ?, ?, ?)',
      );
      for (const { seq, at, checkpoint, jws } of links)
        insert.run([seq, at.getTime(), checkpoint ? 1 : 0, jws]);
    },
    loseSecret: async () => void db.exec("DELETE FROM secrets WHERE name = 'signing-key'"),
    close: async () => void db.close(),
  };
}

async function mongoClient(url: string): Promise<Client> {
  const client = await mongo.MongoClient.connect(url);
  const collection = (name: string) => client.db().collection<{ _id: string }>(name);
  return {
    read: async () =>
      (await collection('links').find().sort({ seq: 1 }).toArray()) as unknown as SignedEntry[],
    async write(links) {
      await collection('links').deleteMany({});
      for (const { seq, at, checkpoint, jws } of links)
        await collection('links')
          .insertOne({ _id: String(seq), v: 1, seq, at, checkpoint, jws } as never)
          .catch(() => {});
    },
    loseSecret: async () => void (await collection('secrets').deleteOne({ _id: 'signing-key' })),
    close: () => client.close(),
  };
}

/** A process of the deployment: it has the keyring, and its own memory. */
async function startProcess(store: Store) {
  const signer = await openSigningKey({ store, keyring });
  let moved = 0;
  const clock = { now: () => new Date(Date.now() + moved) };
  const statusesOf = (observations: readonly Observation[]) =>
    Object.fromEntries(
      checks.map(({ id }) => [
        id,
        checkStatusOf(
          { id, version: '1', title: id },
          {
            observations: observations.filter(({ check }) => check === id),
            build: 'one',
            now: clock.now(),
          },
        ).status,
      ]),
    );
  const records = makeEvidenceRecorder({
    store,
    clock,
    signer,
    build: 'one',
    checks,
    declared: [],
    statuses: statusesOf,
  });
  return {
    async run(outcomes: Record<string, Observation['outcome']>) {
      moved += hour;
      const at = clock.now();
      const seen = Object.entries(outcomes).map(([check, outcome]): Observation => ({
        check,
        outcome,
        checkVersion: '1',
        build: 'one',
        reason: 'seen',
        examined: 1,
        population: 1,
        controlCaught: true,
        controlSaw: '',
        collectedAt: at,
        expiresAt: new Date(at.getTime() + 1_000 * hour),
      }));
      moved += 1;
      await records.record(
        { id: `at ${at.getTime()}`, trigger: 'cron', startedAt: at, endedAt: at },
        seen,
      );
    },
    async page(): Promise<{ statuses: Record<string, string>; chain: EvidenceLog }> {
      const chain = await records.read();
      return { chain, statuses: statusesOf(chain.observations) };
    },
    forge: async (links: readonly SignedEntry[]) => {
      const chain = await records.read();
      const at = clock.now();
      const green = checks.map(({ id }): Observation => ({
        check: id,
        outcome: 'true',
        checkVersion: '1',
        build: 'one',
        reason: 'seen',
        examined: 1,
        population: 1,
        controlCaught: true,
        controlSaw: '',
        collectedAt: at,
        expiresAt: new Date(at.getTime() + hour),
      }));
      const made = nextEntry(chain, {
        at,
        build: 'one',
        run: { id: 'forged', trigger: 'cron', startedAt: at, endedAt: at },
        observations: green,
        declared: [],
        statuses: statusesOf,
      });
      return [...links, signEntry(newSigner(), made)];
    },
    skipTo: (milliseconds: number) => void (moved = milliseconds),
    moved: () => moved,
  };
}
type Process = Awaited<ReturnType<typeof startProcess>>;

type Edit = (links: SignedEntry[], process: Process) => SignedEntry[] | Promise<SignedEntry[]>;
const place = fc.nat(20);
const rewritten = (jws: string, from: RegExp, to: string) => {
  const [header, payload = '', signature] = jws.split('.');
  return `${header}.${Buffer.from(Buffer.from(payload, 'base64url').toString().replace(from, to)).toString('base64url')}.${signature}`;
};
const changed = (
  links: SignedEntry[],
  n: number,
  change: (link: SignedEntry) => Partial<SignedEntry>,
) => links.map((link, at) => (at === n % links.length ? { ...link, ...change(link) } : link));
const anEdit: fc.Arbitrary<Edit> = fc.oneof(
  place.map(
    (n): Edit =>
      (links) =>
        links.toSpliced(n % links.length, 1),
  ),
  fc.tuple(place, fc.nat(5)).map(
    ([n, count]): Edit =>
      (links) =>
        links.toSpliced(n % links.length, count),
  ),
  place.map(
    (n): Edit =>
      (links) =>
        changed(links, n, ({ jws }) => ({
          jws: rewritten(jws, /"outcome":"false"/g, '"outcome":"true"'),
        })),
  ),
  place.map(
    (n): Edit =>
      (links) =>
        changed(links, n, ({ jws }) => ({
          jws: rewritten(jws, /"reason":"seen"/, '"reason":"fine"'),
        })),
  ),
  fc.tuple(place, fc.integer({ min: -90, max: 90 })).map(
    ([n, days]): Edit =>
      (links) =>
        changed(links, n, ({ at, checkpoint }) => ({
          at: new Date(at.getTime() + days * 24 * hour),
          checkpoint: !checkpoint,
        })),
  ),
  place.map((n): Edit => (links) => [
    ...links,
    ...links
      .slice(n % links.length, (n % links.length) + 1)
      .map((link) => ({ ...link, seq: links.length + 1 })),
  ]),
  fc.constant<Edit>((links, process) => process.forge(links)),
  fc.constant<Edit>(() => []),
);
const outcome = fc.constantFrom<Observation['outcome'][]>('true', 'false', 'error');
const rank = (status = '') => ['failing', 'unverified', 'verified'].indexOf(status);

onBothStores('an attacker with a client for the database', (database) => {
  const open = async (): Promise<{ setting: DatabaseSetting; store: Store; client: Client }> => {
    const setting = await database();
    const store = await openStore(setting, async () => encryptionKey);
    await store.prepare();
    return {
      setting,
      store,
      client:
        setting.kind === 'libsql'
          ? await libsqlClient(setting.path)
          : await mongoClient(setting.url),
    };
  };

  test(
    'makes no claim greener by any edits, for a running process, a new one or a reader',
    { timeout: 180_000 },
    async () => {
      const sequences = fc.array(fc.record({ a: outcome, b: outcome }), {
        minLength: 1,
        maxLength: 6,
      });
      await fc.assert(
        fc.asyncProperty(
          sequences,
          fc.array(anEdit, { minLength: 1, maxLength: 3 }),
          async (runs, edits) => {
            const { store, client } = await open();
            try {
              const process = await startProcess(store);
              for (const outcomes of runs) await process.run(outcomes);
              const before = await process.page();
              let links = await client.read();
              for (const edit of edits) if (links.length > 0) links = await edit(links, process);
              await client.write(links);

              const after = await process.page();
              for (const { id } of checks)
                expect(rank(after.statuses[id])).toBeLessThanOrEqual(rank(before.statuses[id]));

              const restarted = await startProcess(store);
              restarted.skipTo(process.moved());
              const fresh = await restarted.page();
              const isGreener = checks.some(
                ({ id }) => rank(fresh.statuses[id]) > rank(before.statuses[id]),
              );
              // The end was removed, which a process that read it detects.
              if (isGreener)
                expect(
                  fresh.chain.brokenBefore !== null ||
                    fresh.chain.head?.hash !== before.chain.head?.hash,
                ).toBe(true);
              await restarted.run({ a: 'true', b: 'true' });
              expect((await restarted.page()).statuses).toEqual({ a: 'verified', b: 'verified' });
            } finally {
              await client.close();
              await store.close();
            }
          },
        ),
        { numRuns: 25 },
      );
    },
  );

  test('cannot get another key accepted by removing the current one', async () => {
    const { store, client } = await open();
    await (await startProcess(store)).run({ a: 'true' });
    await client.loseSecret();
    await expect(startProcess(store)).rejects.toBeInstanceOf(StartRefused);
    await client.close();
    await store.close();
  });
});
