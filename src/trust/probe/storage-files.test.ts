import Database from 'libsql';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../../test/temporary-directory.ts';
import { searchStorage } from './storage-files.ts';

const words = ['ada@canary.invalid', 'nobody@canary.invalid'];

/** The driver’s types lack its encryption options. */
async function databaseWith(options: object): Promise<{ path: string; close(): void }> {
  const path = `${await temporaryDirectory()}/some.db`;
  const database = new Database(path, options);
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('CREATE TABLE people (email TEXT)');
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.prepare('INSERT INTO people VALUES (?)').run(words[0]);
  return { path, close: () => void database.close() };
}

test('in unencrypted files, a word in the write-ahead log is found and the database opens', async () => {
  const { path, close } = await databaseWith({});
  const files = await searchStorage(path, words);
  expect(files.find(({ suffix }) => suffix === '')).toMatchObject({
    head: 'SQLite format 3\u0000',
    opens: true,
    sighted: true,
    found: [],
  });
  expect(files.find(({ suffix }) => suffix === '-wal')).toMatchObject({
    sighted: true,
    found: [words[0]],
    opens: false,
  });
  close();
});

test('in encrypted files, a word is not found although the search works, and the database does not open', async () => {
  const { path, close } = await databaseWith({
    encryptionCipher: 'aes256cbc',
    encryptionKey: 'ab'.repeat(32),
  });
  const files = await searchStorage(path, words);
  expect(files.map(({ suffix }) => suffix).sort()).toEqual(['', '-shm', '-wal']);
  for (const file of files) expect(file).toMatchObject({ sighted: true, found: [], opens: false });
  expect(files.find(({ suffix }) => suffix === '')?.head).not.toContain('SQLite');
  close();
});

test('a word that spans two chunks of a large file is found', async () => {
  const { path, close } = await databaseWith({});
  const { appendFile } = await import('node:fs/promises');
  const piece = 4 * 1024 * 1024;
  await appendFile(
    `${path}-aside`,
    Buffer.concat([Buffer.alloc(piece - 5), Buffer.from('ada@canary.invalid'), Buffer.alloc(100)]),
  );
  await appendFile(`${path}-wide`, Buffer.from('nobody@canary.invalid', 'utf16le'));
  const files = await searchStorage(path, words);
  expect(files.find(({ suffix }) => suffix === '-aside')?.found).toEqual([words[0]]);
  expect(files.find(({ suffix }) => suffix === '-wide')?.found).toEqual([words[1]]);
  close();
});

test('a missing file is an error, not a file without words', async () => {
  await expect(searchStorage('/nowhere/at/all.db', words)).rejects.toThrow('could not be searched');
  const directory = await temporaryDirectory();
  expect(await searchStorage(`${directory}/missing.db`, words)).toEqual([]);
});
