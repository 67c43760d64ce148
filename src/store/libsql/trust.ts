import type { PasswordHash } from '../../records.ts';
import type { TrustStore } from '../port/trust.ts';
import { inPages, pageSize } from './in-pages.ts';
import { tablesOfAccount } from './of-account.ts';
import { columnsOf, insertInto } from './rows/columns.ts';
import { fromEntry, type EntryRow, toEntry } from './rows/trust.ts';
import type { Connection } from './transaction.ts';

type EvidenceLog = Pick<
  TrustStore,
  'appendEntry' | 'newestEntry' | 'entriesAfter' | 'checkpointBefore'
>;

/** The evidence log, password hashes, and erasing the data of canary accounts. */
export function trust(db: Connection): TrustStore {
  return { ...chain(db), ...passwordHashes(db), ...erasing(db) };
}

function chain(db: Connection): EvidenceLog {
  const columns = columnsOf('links');
  const insert = db.statement(insertInto('links'));
  const newest = db.statement<EntryRow>(`SELECT ${columns} FROM links ORDER BY seq DESC LIMIT 1`);
  const after = db.statement<EntryRow>(
    `SELECT ${columns} FROM links WHERE seq > ? ORDER BY seq LIMIT ?`,
  );
  const checkpoint = db.statement<[number]>(
    'SELECT seq FROM links WHERE checkpoint = 1 AND at <= ? ORDER BY at DESC, seq DESC LIMIT 1',
  );
  const last = () => {
    const row = newest.get();
    return row === undefined ? null : toEntry(row);
  };
  return {
    appendEntry: (link) =>
      db.write(() => {
        const isNext = link.seq === (last()?.seq ?? 0) + 1;
        if (isNext) insert.run(...fromEntry(link));
        return isNext;
      }),
    newestEntry: () => db.read(last),
    entriesAfter: (seq, limit) => db.read(() => after.all(seq, limit).map(toEntry)),
    checkpointBefore: (at) => db.read(() => checkpoint.get(at.getTime())?.[0] ?? null),
  };
}

function passwordHashes(db: Connection): Pick<TrustStore, 'eachPasswordHash'> {
  const page = (table: string) =>
    db.statement<[id: string, hash: PasswordHash | null]>(
      `SELECT id, password_hash FROM ${table} WHERE id > ? ORDER BY id LIMIT ${pageSize}`,
    );
  // Sign-ups first, so that a hash that moves to an account in the meantime is not missed.
  const pages = [page('sign_ups'), page('accounts')];
  return {
    async *eachPasswordHash() {
      for (const each of pages)
        for await (const [, hash] of inPages(db, each)) if (hash !== null) yield hash;
    },
  };
}

function erasing(db: Connection): Pick<TrustStore, 'eraseDomain'> {
  const accountsOf = 'SELECT id FROM accounts WHERE domain = ?';
  const erasures = [
    ...tablesOfAccount.map((table) => `DELETE FROM ${table} WHERE account_id IN (${accountsOf})`),
    `DELETE FROM events WHERE account_id IN (${accountsOf})`,
    'DELETE FROM accounts WHERE domain = ?',
    'DELETE FROM sign_ups WHERE domain = ?',
    'DELETE FROM challenges WHERE domain = ?',
    'DELETE FROM mails WHERE domain = ?',
    'DELETE FROM holds WHERE domain = ?',
  ].map((sql) => db.statement(sql));
  return {
    eraseDomain: (domain) =>
      db.write(() => {
        for (const erasure of erasures) erasure.run(domain);
      }),
  };
}
