import type { Store } from '../port.ts';
import { type AccountRow, columnsOf, fromSession, insertInto, type SessionRow, toAccount, toSession } from './rows.ts';
import type { Connection } from './transaction.ts';

type Sessions = Pick<
  Store,
  'insertSession' | 'findSession' | 'touchSession' | 'listSessions' | 'endSession' | 'endOtherSessions' | 'knowsDevice'
>;

/** Sessions and the devices that are known. */
export function sessions(db: Connection): Sessions {
  return { ...beginning(db), ...reading(db), ...ending(db) };
}

function beginning(db: Connection): Pick<Sessions, 'insertSession' | 'knowsDevice'> {
  const insert = db.statement(insertInto('sessions'));
  const remove = db.statement('DELETE FROM sessions WHERE id = ?');
  const removeTooMany = db.statement(`
    DELETE FROM sessions WHERE id IN (
      SELECT id FROM sessions WHERE account_id = ? AND id <> ? ORDER BY created_at DESC, id DESC LIMIT -1 OFFSET ?)`);
  const remember = db.statement('INSERT INTO devices (account_id, device) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const known = db.statement<[number]>('SELECT 1 FROM devices WHERE account_id = ? AND device = ?');
  return {
    insertSession: (session, { keep, replacing, device }) =>
      db.write(() => {
        if (replacing !== null) remove.run(replacing);
        insert.run(...fromSession(session));
        removeTooMany.run(session.accountId, session.id, keep - 1);
        remember.run(session.accountId, device);
      }),
    knowsDevice: (device, accountId) => db.read(() => known.get(accountId, device) !== undefined),
  };
}

type SessionAndAccountRow = [...SessionRow, ...AccountRow];
const accountFrom = 11;

function reading(db: Connection): Pick<Sessions, 'findSession' | 'listSessions'> {
  const find = db.statement<SessionAndAccountRow>(`
    SELECT ${columnsOf('sessions')}, ${columnsOf('accounts')}
    FROM sessions JOIN accounts ON accounts.id = sessions.account_id WHERE sessions.token_hash = ?`);
  const list = db.statement<SessionRow>(`
    SELECT ${columnsOf('sessions')} FROM sessions
    WHERE account_id = ?1 AND expires_at > ?2 AND last_used_at + idle > ?2 ORDER BY last_used_at DESC, created_at DESC, id DESC`);
  return {
    findSession: (tokenHash) =>
      db.read(() => {
        const row = find.get(tokenHash);
        if (row === undefined) return null;
        return { session: toSession(row), account: toAccount(row.slice(accountFrom) as AccountRow) };
      }),
    listSessions: (accountId, now) => db.read(() => list.all(accountId, now.getTime()).map((row) => toSession(row))),
  };
}

function ending(db: Connection): Pick<Sessions, 'touchSession' | 'endSession' | 'endOtherSessions'> {
  const touch = db.statement('UPDATE sessions SET last_used_at = ?1 WHERE id = ?2 AND last_used_at < ?1');
  const end = db.statement('DELETE FROM sessions WHERE account_id = ? AND id = ?');
  const endOthers = db.statement('DELETE FROM sessions WHERE account_id = ? AND id <> ?');
  return {
    touchSession: (id, at) => db.write(() => void touch.run(at.getTime(), id)),
    endSession: (accountId, id) => db.write(() => end.run(accountId, id) === 1),
    endOtherSessions: (accountId, keepId) => db.write(() => endOthers.run(accountId, keepId)),
  };
}
