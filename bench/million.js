// Fills an empty Flowcept database with accounts, one session each, through its own adapter:
// bundled by `run.js`, then `node million.js DIRECTORY COUNT`. It also writes `cookies`, a hundred
// of them, and `cookies-of-all`, up to a hundred thousand from the whole range, in random order.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDataKey } from '../src/crypto/key-files.ts';
import { openPepper } from '../src/crypto/pepper.ts';
import { hashToken, newId, newToken } from '../src/crypto/token.ts';
import { openDatabase } from '../src/deployment/wire.ts';
import { openConnection } from '../src/store/libsql/open.ts';
import { fromAccount, fromSession, insertInto } from '../src/store/libsql/rows.ts';

const [directory, count] = [process.argv[2], Number(process.argv[3])];
const batch = 50_000;

const path = join(directory, 'flowcept.db');
const database = await openDatabase({ database: { kind: 'libsql', path }, keys: null });
await openPepper(database);
await database.store.close();
const connection = await openConnection({
  path,
  encryptionKey: await openDataKey(path, database.keyring),
});
connection.execute('PRAGMA cache_size = -1000000');

const [insertAccount, insertSession] = [
  connection.statement(insertInto('accounts')),
  connection.statement(insertInto('sessions')),
];
const now = new Date();
/** A filled database is kept for later runs. */
const years = 10 * 365 * 24 * 60 * 60_000;

function insert({ token, tokenHash }, n) {
  const accountId = newId();
  const account = {
    id: accountId,
    email: `seeded-${n}@example.org`,
    name: 'Ada',
    passwordHash: null,
    operator: false,
    createdAt: now,
  };
  const session = {
    id: newId(),
    tokenHash,
    accountId,
    method: 'password',
    device: 'Firefox on Linux',
    address: '127.0.0.1',
    idle: years,
    createdAt: now,
    deviceFirstUsedAt: now,
    lastUsedAt: now,
    expiresAt: new Date(now.getTime() + years),
    confirmedAt: now,
  };
  insertAccount.run(...fromAccount(account));
  insertSession.run(...fromSession(session));
  return token;
}

const made = Array.from({ length: count }, () => newToken()).map((token) => ({
  token,
  tokenHash: hashToken(token),
}));
const inOrder = made.toSorted((a, b) => (a.tokenHash < b.tokenHash ? -1 : 1));
for (let from = 0; from < count; from += batch) {
  await connection.write(() =>
    inOrder.slice(from, from + batch).forEach((one, n) => insert(one, from + n)),
  );
}
connection.close();

const lines = (tokens) => tokens.map(({ token }) => `flowcept=${token}\n`).join('');
// The keys are random, so any selection is spread over the whole database.
writeFileSync(join(directory, 'cookies'), lines(made.slice(0, 100)));
writeFileSync(join(directory, 'cookies-of-all'), lines(made.slice(0, 100_000)));
