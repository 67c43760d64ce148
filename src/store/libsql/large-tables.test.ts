import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertAccount } from '../contract/opened.ts';
import { aSignUp, passwordHash } from '../contract/samples.ts';
import type { Store } from '../port.ts';
import { openConnection, storeOver } from './open.ts';
import type { Connection } from './transaction.ts';

let folder: string;
let connection: Connection;
let store: Store;
const open = () =>
  openConnection({ path: join(folder, 'flowcept.db'), encryptionKey: 'a key for tests only' });
const statements = new Set<string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flowcept-libsql-'));
  connection = await open();
  const statement = <Row>(sql: string) => connection.statement<Row>((statements.add(sql), sql));
  store = storeOver({ ...connection, statement });
  await store.prepare();
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

/** Scans that are permitted, and why they are short. */
const short = [
  /^SCAN accounts USING COVERING INDEX accounts_operator/, // contains operators only
  /^SCAN json_each /, // the input
  /^SCAN (claims|holds|leases|sqlite_master)$/, // a few rows
  /^SCAN \(subquery-\d+\)$/, // one page of `inPages`
];
const allowed = new Set([
  'SELECT count(*) FROM accounts', // once, at a start without a pepper
  // Identities without an issuer, at a start after an upgrade.
  'SELECT 1 FROM identities WHERE provider = ? AND issuer = ? LIMIT 1',
  'UPDATE OR IGNORE identities SET issuer = ?1 WHERE provider = ?2 AND issuer = ?3',
  'DELETE FROM identities WHERE provider = ? AND issuer = ?',
]);

const readsAll = (sql: string, step: string): boolean =>
  step.startsWith('SCAN ') &&
  !short.some((one) => one.test(step)) &&
  !sql.endsWith('ORDER BY seq DESC LIMIT 1');
/** A provider and its issuer have as many identities as users. */
const readsAllOfProvider = (step: string): boolean =>
  /\(provider=\?( AND issuer=\?)?\)$/.test(step);
/** Sorts the whole queue to take its first mail. */
const sortsAll = (sql: string, step: string): boolean =>
  step.includes('TEMP B-TREE') && sql.includes('FROM mails');

test('no statement scans a table that can be long', async () => {
  const looked = [...statements].filter(
    (sql) => /^\s*(SELECT|UPDATE|DELETE)/.test(sql) && !allowed.has(sql),
  );
  expect(looked.length).toBeGreaterThan(150);
  // libSQL keeps explained statements open, which would block writes.
  const beside = await open();
  const long: Record<string, string[]> = {};
  for (const sql of looked) {
    const found = (await planOf(sql, beside)).filter(
      (step) => readsAll(sql, step) || readsAllOfProvider(step) || sortsAll(sql, step),
    );
    if (found.length > 0) long[sql] = found;
  }
  beside.close();
  expect(long).toEqual({});
});

/** The steps of SQLite’s plan for the statement. */
async function planOf(sql: string, beside: Connection): Promise<string[]> {
  const numbered = [...sql.matchAll(/\?(\d+)/g)].map(([, n]) => Number(n));
  const parameters = Math.max(0, ...numbered) || (sql.match(/\?/g)?.length ?? 0);
  const plan = beside.statement<[number, number, number, step: string]>(
    `EXPLAIN QUERY PLAN ${sql}`,
  );
  return beside.read(() =>
    plan.all(...Array<null>(parameters).fill(null)).map(([, , , step]) => step),
  );
}

test('reading all accounts or hashes lets other work run in between', async () => {
  const copies = connection.statement(`
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
    INSERT INTO accounts (id, email, name, password_hash, operator, created_at, domain, name_key)
    SELECT id || i, i || email, name, password_hash, 0, created_at, domain, name_key FROM accounts, n`);
  await insertAccount({ store }, { passwordHash: null });
  await connection.write(() => copies.run(2_000));
  await store.openSignUp(aSignUp({ passwordHash: passwordHash('the only one') }));
  const hashes: string[] = [];
  const byHash = await turnsDuring(async () => {
    for await (const hash of store.eachPasswordHash()) hashes.push(hash);
  });
  expect(hashes, 'though most accounts have none').toEqual([passwordHash('the only one')]);
  expect(byHash).toBeGreaterThan(3);
  expect(
    await turnsDuring(async () =>
      expect(await store.countFactors('test')).toMatchObject({ accounts: 2_001, enrolled: 0 }),
    ),
  ).toBeGreaterThan(3);
});

/** How often other work ran in the meantime. */
async function turnsDuring(work: () => Promise<void>): Promise<number> {
  let turns = 0;
  let isDone = false;
  const working = work().finally(() => (isDone = true));
  while (!isDone) {
    await turn();
    turns += 1;
  }
  await working;
  return turns;
}
