import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import LibsqlDatabase from 'libsql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeKeyring } from '../../crypto/keyring.ts';
import { seal } from '../../crypto/seal.ts';
import { readExhaustedLimit } from '../../ratelimit/limiter.ts';
import { hashed } from '../contract/samples.ts';
import { StoreUnavailable, StoreUnusable } from '../port/errors.ts';
import { accounts } from './accounts.ts';
import { flows } from './flows.ts';
import { identities } from './identities.ts';
import { limits } from './limits.ts';
import { migrate, migrations } from './migrations.ts';
import { connect } from './transaction.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flowcept-libsql-'));
});
afterEach(() => rm(folder, { recursive: true }));

const open = () => {
  const db = new LibsqlDatabase(join(folder, 'test.db'));
  db.exec('PRAGMA journal_mode = WAL');
  db.exec('CREATE TABLE IF NOT EXISTS notes (id TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT');
  const connection = connect(db);
  const insert = connection.statement('INSERT INTO notes (id, text) VALUES (?, ?)');
  const count = connection.statement<[number]>('SELECT count(*) FROM notes');
  return { db, connection, insert, count: () => connection.read(() => count.get()?.[0]) };
};

test('a write waits for another process without blocking the event loop', async () => {
  const [mine, other] = [open(), open()];
  other.db.exec('BEGIN IMMEDIATE');
  let turns = 0;
  const ticking = setInterval(() => (turns += 1), 5);
  const written = mine.connection.write(() => mine.insert.run('a', 'text'));
  await sleep(150);
  expect(turns, 'a loop that is blocked has none').toBeGreaterThan(2);
  expect(await mine.count()).toBe(0);
  other.db.exec('COMMIT');
  expect(await written).toBe(1);
  clearInterval(ticking);
});

test('a write is unavailable while a lock persists, and works again afterwards', async () => {
  const [mine, other] = [open(), open()];
  other.db.exec('BEGIN IMMEDIATE');
  await expect(mine.connection.write(() => mine.insert.run('a', 'text'), 100)).rejects.toThrow(
    StoreUnavailable,
  );
  other.db.exec('COMMIT');
  expect(await mine.connection.write(() => mine.insert.run('a', 'text'))).toBe(1);
});

test('a body that throws leaves nothing behind, and its error is passed on', async () => {
  const { connection, insert, count, db } = open();
  const failing = connection.write(() => {
    insert.run('a', 'text');
    insert.run('a', 'again');
  });
  await expect(failing).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' });
  expect(db.inTransaction).toBe(false);
  expect(await count()).toBe(0);
});

test('a full disk makes writes unavailable, data stays readable, and writes continue once there is space', async () => {
  const { connection, insert, count, db } = open();
  await connection.write(() => insert.run('kept', 'text'));
  db.exec('PRAGMA max_page_count = 8');
  const filling = connection.write(() => insert.run('big', 'x'.repeat(100_000)));
  await expect(filling).rejects.toThrow(StoreUnavailable);
  await expect(filling).rejects.toMatchObject({ cause: { code: 'SQLITE_FULL' } });
  expect(db.inTransaction).toBe(false);
  expect(await count()).toBe(1);
  db.exec('PRAGMA max_page_count = 100000');
  await connection.write(() => insert.run('big', 'x'.repeat(100_000)));
  expect(await count()).toBe(2);
});

test('missing schema steps are applied, and a newer schema than known is refused', async () => {
  const { connection, db } = open();
  const steps = [{ version: 1, sql: 'CREATE TABLE one (a TEXT)' }];
  await migrate(connection, steps);
  await migrate(connection, [
    ...steps,
    { version: 2, sql: 'CREATE TABLE two (a TEXT); CREATE TABLE three (a TEXT)' },
  ]);
  db.prepare('SELECT * FROM one, two, three').all([]);
  await expect(migrate(connection, steps)).rejects.toThrow(StoreUnusable);
});

test('a schema of the first version is migrated to the newest one with its data', async () => {
  const { connection, db } = open();
  await migrate(connection, migrations.slice(0, 1));
  await connection.write(() =>
    connection.statement("INSERT INTO claims (token_hash, expires_at) VALUES ('kept', 1)").run(),
  );
  await migrate(connection);
  expect(
    await connection.read(() =>
      connection.statement<[string]>('SELECT token_hash FROM claims').all(),
    ),
  ).toEqual([['kept']]);
  db.prepare('SELECT * FROM events, undos').all([]);
});

test('passkeys older than the record of user verification cannot sign in alone', async () => {
  const { connection } = open();
  await migrate(connection, migrations.slice(0, 11));
  const insert = connection.statement(`
    INSERT INTO factors (id, account_id, type, name, credential_id, public_key, transports, counter, confirmed_at, created_at)
    VALUES ('f', 'a', 'passkey', 'Laptop', 'c', 'k', 'usb', 7, 1, 1)`);
  await connection.write(() => insert.run());
  await migrate(connection);
  const found = connection.statement<[number, number]>(
    "SELECT counter, uv_initialized FROM factors WHERE id = 'f'",
  );
  expect(await connection.read(() => found.get())).toEqual([7, 0]);
});

test('device cookies from before each account had its own may be shared by accounts', async () => {
  const { connection } = open();
  await migrate(connection, migrations.slice(0, 12));
  const insert = connection.statement(
    "INSERT INTO devices (account_id, device, first_used_at, expires_at) VALUES ('a', 'd', 1, 9)",
  );
  await connection.write(() => insert.run());
  await migrate(connection);
  const found = connection.statement<[number, number, number | null, number]>(
    'SELECT first_used_at, expires_at, replaced_at, shared FROM devices',
  );
  expect(await connection.read(() => found.all())).toEqual([[1, 9, null, 1]]);
});

test('the step that removes exceptions by address keeps the rule, and finds killed runs by their holds', async () => {
  const { db, connection } = open();
  await migrate(connection, migrations.slice(0, 14));
  db.exec(
    "INSERT INTO rules (name, starts_at, except_domain) VALUES ('second-factor', 7, 'canary.invalid')",
  );
  const mail = (id: string, to: string, content: string) =>
    db.exec(
      `INSERT INTO mails (id, recipient, content, state, tries, created_at, due_at, expires_at, domain) VALUES ('${id}', '${to}', ${content}, 'queued', 0, 1, 9, 9, '${to.split('@')[1]}')`,
    );
  mail('note', 'c0123456789abcdef0123@runs.canary.invalid', 'NULL');
  mail('a sign-up there', 'victims@runs.canary.invalid', "'sealed'");
  mail('other', 'ada@example.org', 'NULL');
  await migrate(connection);
  expect(db.prepare('SELECT starts_at FROM rules').all()).toEqual([{ starts_at: 7 }]);
  expect(db.prepare('SELECT domain FROM holds').all()).toEqual([
    { domain: 'c0123456789abcdef0123.canary.invalid' },
  ]);
  expect(db.prepare('SELECT id FROM mails ORDER BY id').all()).toEqual([
    { id: 'a sign-up there' },
    { id: 'other' },
  ]);
});

test('a recovery of lost factors older than the record of stops is not stopped', async () => {
  const { connection } = open();
  await migrate(connection, migrations.slice(0, 15));
  connection.execute(
    "INSERT INTO factor_recoveries (account_id, opens_at, closes_at, used_at) VALUES ('a', 1, 2, NULL)",
  );
  await migrate(connection);
  const found = connection.statement<[number, number, number | null, number | null]>(
    'SELECT opens_at, closes_at, used_at, stopped_at FROM factor_recoveries',
  );
  expect(await connection.read(() => found.all())).toEqual([[1, 2, null, null]]);
});

test('a pending sign-in older than the record of its subject remains without one', async () => {
  const { connection } = open();
  await migrate(connection, migrations.slice(0, 16));
  connection.execute(
    "INSERT INTO pending_sign_ins (id, account_id, method, stay, proven_hash, expires_at) VALUES ('p', 'a', 'google', 0, NULL, 9)",
  );
  await migrate(connection);
  const found = connection.statement<[string, string | null]>(
    'SELECT id, proven_subject FROM pending_sign_ins',
  );
  expect(await connection.read(() => found.all())).toEqual([['p', null]]);
});

test('an account older than contested addresses has its own address', async () => {
  const { connection } = open();
  await migrate(connection, migrations.slice(0, 17));
  connection.execute(
    "INSERT INTO accounts (id, email, name, password_hash, operator, created_at, domain, name_key) VALUES ('a', 'ada@example.com', 'Ada', NULL, 0, 0, 'example.com', 'ada')",
  );
  await migrate(connection);
  expect(await accounts(connection).findAccountByEmail('ada@example.com')).toMatchObject({
    id: 'a',
    email: 'ada@example.com',
  });
});

test('limits that only the key identified are listed correctly', async () => {
  const { connection } = open();
  await migrate(connection, migrations.slice(0, 18));
  const keyring = makeKeyring([{ id: 'k', key: Buffer.alloc(32, 7) }]);
  const insert = connection.statement(
    'INSERT INTO limits (key, used, shut_until, fresh_at, subject) VALUES (?, 1, ?, 99, ?)',
  );
  const counts = ['', ' in a row', ' within shares', ' of one network'];
  for (const [index, scope] of counts.entries()) {
    const key = `code-mail-day${scope}:hash`;
    const subject = seal(keyring, `limit:${key}`, 'ada@example.org');
    await connection.write(() => insert.run(key, 60 - index, subject));
  }
  await migrate(connection);
  const exhausted = await limits(connection).exhaustedLimits(new Date(1));
  const about = 'Code emails, per day';
  expect(exhausted.map((one) => readExhaustedLimit(keyring, one))).toEqual([
    { name: 'code-mail-day', about, key: 'ada@example.org' },
    { name: 'code-mail-day', about: `${about}, failure streak`, key: 'ada@example.org' },
    { name: 'code-mail-day', about: `${about}, from all networks`, key: 'ada@example.org' },
    null,
  ]);
});

test('events, flows and identities from before their terms were renamed have the new ones', async () => {
  const { connection } = open();
  await migrate(connection, migrations.slice(0, 19));
  const renamed = [
    ['account.moved', 'account.email-changed'],
    ['operator.granted', 'operator.added'],
    ['operator.limit-lifted', 'operator.limit-cleared'],
    ['operator.withdrawn', 'operator.removed'],
    ['password.recovered', 'password.reset'],
    ['provider.dropped', 'provider.disconnected'],
    ['provider.joined', 'provider.connected'],
    ['session.begun', 'session.begun'],
  ];
  for (const [before] of renamed)
    connection.execute(
      `INSERT INTO events (id, at, action, account_id, actor_id, target, address, device) VALUES ('${before}', 1, '${before}', 'a', 'a', NULL, '', '')`,
    );
  connection.execute(`
    INSERT INTO flows (state_hash, provider, purpose, account_id, return_path, expires_at) VALUES ('${hashed('s')}', 'google', 'join', 'a', '/account', 9), ('${hashed('t')}', 'google', 'confirm', 'a', '/account', 9);
    INSERT INTO identities (provider, subject, account_id, email, joined_at) VALUES ('google', 'sub', 'a', 'ada@example.com', 7);
  `);
  await migrate(connection);
  const actions = connection.statement<[string, string]>(
    'SELECT id, action FROM events ORDER BY id',
  );
  expect(await connection.read(() => actions.all())).toEqual(renamed);
  expect(await flows(connection).takeFlow(hashed('s'))).toMatchObject({ purpose: 'connect' });
  expect(await flows(connection).takeFlow(hashed('t'))).toMatchObject({ purpose: 'confirm' });
  expect(await identities(connection).listIdentities('a')).toEqual([
    {
      provider: 'google',
      issuer: null,
      subject: 'sub',
      accountId: 'a',
      email: 'ada@example.com',
      connectedAt: new Date(7),
    },
  ]);
});

test('identities from before issuers were stored get those of the first start that names them', async () => {
  const { connection } = open();
  await migrate(connection, migrations.slice(0, 20));
  connection.execute(`
    INSERT INTO accounts (id, email, name, password_hash, operator, created_at, domain, name_key) VALUES
      ('a', 'ada@example.com', 'Ada', NULL, 0, 0, 'example.com', 'ada'), ('b', 'bob@example.com', 'Bob', NULL, 0, 0, 'example.com', 'bob');
    INSERT INTO identities (provider, subject, account_id, email, connected_at) VALUES
      ('google', 's', 'a', 'ada@example.com', 7), ('github', 's', 'a', 'ada@example.com', 8), ('google', 't', 'b', 'bob@example.com', 9);
    INSERT INTO pending_sign_ins (id, account_id, method, stay, proven_hash, proven_subject, expires_at) VALUES ('p', 'a', 'google', 0, NULL, 's', 9);
  `);
  await migrate(connection);
  const { bindIdentities, findAccountByIdentity, listIdentities } = identities(connection);
  const ownerOf = async (issuer: string, subject = 's') =>
    (await findAccountByIdentity({ provider: 'google', issuer, subject }))?.id;
  const issuersOf = async (accountId: string) =>
    (await listIdentities(accountId)).map(({ provider, issuer }) => [provider, issuer]);
  expect(await ownerOf('https://one.example')).toBeUndefined();
  expect(await issuersOf('a')).toEqual([
    ['google', null],
    ['github', null],
  ]);
  const google = { provider: 'google', issuer: 'https://one.example' } as const;
  await Promise.all([bindIdentities([google]), bindIdentities([google])]);
  await bindIdentities([{ ...google, issuer: 'https://two.example' }]);
  expect(await issuersOf('a'), 'GitHub was not configured').toEqual([
    ['google', 'https://one.example'],
    ['github', null],
  ]);
  expect([await ownerOf('https://one.example'), await ownerOf('https://two.example')]).toEqual([
    'a',
    undefined,
  ]);
  expect(await ownerOf('https://one.example', 't')).toBe('b');
  const pending = connection.statement<[string, null]>(
    'SELECT id, proven_issuer FROM pending_sign_ins',
  );
  expect(await connection.read(() => pending.all())).toEqual([['p', null]]);
});

test('an identity without an issuer is removed if its user is connected elsewhere by then, and the others are bound', async () => {
  const { connection } = open();
  await migrate(connection);
  connection.execute(`
    INSERT INTO identities (provider, issuer, subject, account_id, email, connected_at) VALUES
      ('google', '', 's', 'a', '', 1), ('google', 'https://one.example', 's', 'b', '', 2), ('google', '', 't', 'c', '', 3);
  `);
  const { bindIdentities, listIdentities } = identities(connection);
  await bindIdentities([{ provider: 'google', issuer: 'https://one.example' }]);
  const issuers = ['a', 'b', 'c'].map(async (id) => (await listIdentities(id))[0]?.issuer);
  expect(await Promise.all(issuers)).toEqual([
    undefined,
    'https://one.example',
    'https://one.example',
  ]);
});

test('a step that fails is rolled back completely', async () => {
  const { connection, db } = open();
  await expect(
    migrate(connection, [{ version: 1, sql: 'CREATE TABLE one (a TEXT); CREATE NONSENSE' }]),
  ).rejects.toThrow();
  expect(() => db.prepare('SELECT * FROM one')).toThrow();
  await migrate(connection);
  await Promise.all([migrate(connection), migrate(connection)]);
  expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, n) => n + 1));
});

test('undo links and recovery codes of an older schema get their address, order and age', async () => {
  const { connection } = open();
  await migrate(connection, migrations.slice(0, 13));
  connection.execute(`
    INSERT INTO accounts (id, email, name, password_hash, operator, created_at, domain, name_key) VALUES ('a', 'now@example.com', 'Ada', NULL, 0, 0, 'example.com', 'ada');
    INSERT INTO undos (token_hash, account_id, since, email, expires_at) VALUES
      ('3', 'a', 30, NULL, 300), ('2', 'a', 20, 'before@example.com', 200), ('1', 'a', 10, NULL, 100), ('0', 'a', ${Number.MAX_SAFE_INTEGER}, NULL, 7 * 86400000 + 5),
      ('4', 'erased', 10, NULL, 100);
    INSERT INTO recovery_codes (account_id, code_hash) VALUES ('a', 'x'), ('b', 'y');
    INSERT INTO events (id, at, action, account_id, actor_id, target, address, device) VALUES
      ('e1', 11, 'factor.added', 'a', 'a', NULL, '', ''), ('e2', 22, 'factor.codes-renewed', 'a', 'a', NULL, '', ''), ('e3', 33, 'session.begun', 'a', 'a', NULL, '', '');
  `);
  await migrate(connection);
  const undos = connection.statement<[string, number, number, string]>(
    'SELECT token_hash, seq, since, email FROM undos ORDER BY seq',
  );
  expect(await connection.read(() => undos.all())).toEqual([
    ['0', 1, 5, 'before@example.com'],
    ['1', 2, 10, 'before@example.com'],
    ['2', 3, 20, 'before@example.com'],
    ['3', 4, 30, 'now@example.com'],
  ]);
  const codes = connection.statement<[string, number]>(
    'SELECT account_id, created_at FROM recovery_codes ORDER BY account_id',
  );
  expect(await connection.read(() => codes.all())).toEqual([
    ['a', 22],
    ['b', 0],
  ]);
});
