import type { PasswordHash, Store } from '../port.ts';
import { columnsOf, fromObservation, fromRun, insertInto, type ObservationRow, type RunRow, toObservation, toRun } from './rows.ts';
import type { Connection } from './transaction.ts';

type Trust = Pick<Store, 'recordRun' | 'lastRun' | 'observationsSince' | 'eachPasswordHash' | 'eraseDomain'>;

/** Runs, observations, password hashes, and erasing what probes left behind. */
export function trust(db: Connection): Trust {
  return { ...observing(db), ...passwordHashes(db), ...erasing(db) };
}

function observing(db: Connection): Pick<Trust, 'recordRun' | 'lastRun' | 'observationsSince'> {
  const insertRun = db.statement(insertInto('runs'));
  const insertObservation = db.statement(insertInto('observations'));
  const last = db.statement<RunRow>(`SELECT ${columnsOf('runs')} FROM runs ORDER BY started_at DESC, id DESC LIMIT 1`);
  // The names of all checks come by skipping through the index, however many observations there are.
  const verdict = "outcome IN ('true', 'false')";
  const since = db.statement<ObservationRow>(`
    WITH RECURSIVE checks (name) AS (
      SELECT min(check_name) FROM observations WHERE ${verdict}
      UNION ALL
      SELECT (SELECT min(check_name) FROM observations WHERE ${verdict} AND check_name > checks.name) FROM checks WHERE checks.name IS NOT NULL
    )
    SELECT ${columnsOf('observations')} FROM observations WHERE id IN (
      SELECT id FROM observations WHERE collected_at >= ?
      UNION
      SELECT (SELECT id FROM observations WHERE ${verdict} AND check_name = checks.name ORDER BY collected_at DESC, id DESC LIMIT 1) FROM checks
    )
    ORDER BY collected_at, id`);
  return {
    recordRun: (run, observations) =>
      db.write(() => {
        insertRun.run(...fromRun(run));
        for (const observation of observations) insertObservation.run(...fromObservation(observation));
      }),
    lastRun: () =>
      db.read(() => {
        const row = last.get();
        return row === undefined ? null : toRun(row);
      }),
    observationsSince: (from) => db.read(() => since.all(from.getTime()).map(toObservation)),
  };
}

function passwordHashes(db: Connection): Pick<Trust, 'eachPasswordHash'> {
  const page = (table: string) =>
    db.statement<[id: string, hash: PasswordHash]>(
      `SELECT id, password_hash FROM ${table} WHERE id > ? AND password_hash IS NOT NULL ORDER BY id LIMIT 200`,
    );
  // Sign-ups first: a hash that moves to an account meanwhile is met there.
  const pages = [page('sign_ups'), page('accounts')];
  return {
    async *eachPasswordHash() {
      for (const next of pages) {
        for (let after: string | undefined = ''; after !== undefined; ) {
          const from: string = after;
          const rows = await db.read(() => next.all(from));
          for (const [, hash] of rows) yield hash;
          after = rows.at(-1)?.[0];
        }
      }
    },
  };
}

function erasing(db: Connection): Pick<Trust, 'eraseDomain'> {
  const accountsOf = 'SELECT id FROM accounts WHERE domain = ?';
  const erasures = [
    `DELETE FROM sessions WHERE account_id IN (${accountsOf})`,
    `DELETE FROM devices WHERE account_id IN (${accountsOf})`,
    `DELETE FROM undos WHERE account_id IN (${accountsOf})`,
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
