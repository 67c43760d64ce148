import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { day } from '../../clock.ts';
import { aMail, at, sealed } from '../contract/samples.ts';
import { StoreUnusable } from '../port/errors.ts';
import { openLibsqlStore } from './open.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flowcept-libsql-'));
});
afterEach(() => rm(folder, { recursive: true }));

const encryptionKey = 'the right key';
const file = (): string => join(folder, 'flowcept.db');
const opened = async (key = encryptionKey) => {
  const store = await openLibsqlStore({ path: file(), encryptionKey: key });
  await store.prepare();
  return store;
};

test('written data is available after reopening', async () => {
  const before = await opened();
  await before.keepSecret('pepper', sealed('p'));
  await before.close();
  const after = await opened();
  expect(await after.findSecret('pepper')).toBe(sealed('p'));
  await after.close();
});

test('the files are accessible to their owner only, and encrypted', async () => {
  const store = await opened();
  await store.insertMail(aMail({ to: 'somebody@readable.example' }));
  const paths = ['', '-wal', '-shm'].map((suffix) => `${file()}${suffix}`);
  for (const path of paths) expect(statSync(path).mode & 0o777).toBe(0o600);
  for (const path of paths)
    expect(readFileSync(path, 'latin1')).not.toMatch(
      /SQLite format 3|readable\.example|CREATE TABLE/,
    );
  await store.close();
});

test('a wrong key is refused and changes nothing', async () => {
  const store = await opened();
  await store.keepSecret('pepper', sealed('p'));
  await expect(opened('the wrong key')).rejects.toThrow(/does not open with this encryption key/);
  await store.close();
  const before = readFileSync(file());
  await expect(opened('the wrong key')).rejects.toThrow(StoreUnusable);
  expect(readFileSync(file())).toEqual(before);
  const again = await opened();
  expect(await again.findSecret('pepper')).toBe(sealed('p'));
  await again.close();
});

test('a wrong key does not change the files of a killed process', async () => {
  const store = await opened();
  await store.keepSecret('pepper', sealed('p'));
  const left = join(folder, 'left # 100%.db');
  for (const suffix of ['', '-wal']) copyFileSync(`${file()}${suffix}`, `${left}${suffix}`);
  await store.close();
  await expect(openLibsqlStore({ path: left, encryptionKey: 'the wrong key' })).rejects.toThrow(
    StoreUnusable,
  );
  const again = await openLibsqlStore({ path: left, encryptionKey });
  await again.prepare();
  expect(await again.findSecret('pepper')).toBe(sealed('p'));
  await again.close();
});

test.each([2, 100, 600, 4096, 20_000])(
  'a file of %i bytes that is not a database is refused and unchanged',
  async (length) => {
    const bytes = Buffer.alloc(length, 'not a database. ');
    writeFileSync(file(), bytes);
    await expect(opened()).rejects.toThrow(StoreUnusable);
    expect(readFileSync(file())).toEqual(bytes);
  },
);

test('an empty key, a missing folder and a folder in place of the file are refused', async () => {
  await expect(openLibsqlStore({ path: file(), encryptionKey: '' })).rejects.toThrow(StoreUnusable);
  expect(existsSync(file())).toBe(false);
  for (const path of [join(folder, 'missing', 'flowcept.db'), folder]) {
    await expect(openLibsqlStore({ path, encryptionKey })).rejects.toThrow(StoreUnusable);
  }
});

test('ten connections that open and prepare one empty file at the same time all succeed', async () => {
  const stores = await Promise.all(Array.from({ length: 10 }, () => opened()));
  await Promise.all(stores.map((store, n) => store.keepSecret(`${n}`, sealed('s'))));
  await Promise.all(stores.map((store) => store.close()));
});

test('purging removes more rows than fit into one batch', async () => {
  const store = await opened();
  const mails = Array.from({ length: 1_200 }, (_, n) =>
    aMail({ to: 'a@held.test', expiresAt: at(n < 1_100 ? 0 : 2 * day) }),
  );
  await Promise.all(mails.map((mail) => store.insertMail(mail)));
  await store.purge(at(day));
  await store.holdMail('held.test', at(day));
  expect(await store.takeHeldMail('held.test')).toHaveLength(100);
  await store.close();
});

test('a closed store is unavailable, also for prepared statements', async () => {
  const store = await opened();
  await store.ping();
  await store.close();
  await store.close();
  for (const call of [store.ping(), store.findAccount('a'), store.resetLimit('a')])
    await expect(call).rejects.toThrow('closed');
});
