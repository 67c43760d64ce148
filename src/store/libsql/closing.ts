import type { ClosingStore } from '../port/closing.ts';
import { eventSteps } from './events.ts';
import { tablesOfAccount } from './of-account.ts';
import type { Connection } from './transaction.ts';

/** Accounts scheduled for deletion, and their erasure. */
export function closing(db: Connection): ClosingStore {
  return { ...leaving(db), ...erasing(db) };
}

/** Whether an operator other than this account can sign in: one that is closing cannot. */
export function anotherOperator(db: Connection): (accountId: string) => boolean {
  const another = db.statement<[number]>(`
    SELECT 1 FROM accounts WHERE operator = 1 AND id <> ? AND id NOT IN (SELECT account_id FROM closings) LIMIT 1`);
  return (accountId) => another.get(accountId) !== undefined;
}

function leaving(
  db: Connection,
): Pick<ClosingStore, 'closeAccount' | 'offerReopening' | 'reopenAccount'> {
  const { record, notify } = eventSteps(db);
  const isOperator = db.statement<[operator: number]>('SELECT operator FROM accounts WHERE id = ?');
  const another = anotherOperator(db);
  const close = db.statement(
    'INSERT INTO closings (account_id, erased_at) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const endSessions = db.statement('DELETE FROM sessions WHERE account_id = ?');
  const offer = db.statement<[number]>(
    'UPDATE closings SET reopen_hash = ?, reopen_until = ? WHERE account_id = ? RETURNING erased_at',
  );
  const reopen = db.statement<[string]>(`
    DELETE FROM closings WHERE reopen_hash = ?1 AND reopen_until > ?2 AND erased_at > ?2 RETURNING account_id`);
  return {
    closeAccount: ({ accountId, erasedAt, notice }) =>
      db.write(() => {
        if (isOperator.get(accountId)?.[0] === 1 && !another(accountId)) return 'last';
        if (close.run(accountId, erasedAt.getTime()) === 0) return 'unchanged';
        endSessions.run(accountId);
        record(notice.event);
        notify(notice);
        return 'closing';
      }),
    offerReopening: ({ accountId, tokenHash, expiresAt }) =>
      db.write(() => {
        const row = offer.get(tokenHash, expiresAt.getTime(), accountId);
        return row === undefined ? null : new Date(row[0]);
      }),
    reopenAccount: ({ tokenHash, event, now }) =>
      db.write(() => {
        const accountId = reopen.get(tokenHash, now.getTime())?.[0];
        if (accountId === undefined) return false;
        record({ ...event, accountId });
        return true;
      }),
  };
}

/** Events keep their IDs, which are pseudonyms after the erasure. */
const nowhere = "UPDATE events SET address = '', device = '', target = NULL WHERE";
const ofAccount = [
  ...tablesOfAccount.map((table) => `DELETE FROM ${table} WHERE account_id = ?`),
  'DELETE FROM challenges WHERE subject_id = ?',
  `${nowhere} account_id = ?`,
  `${nowhere} actor_id = ?`,
  'DELETE FROM accounts WHERE id = ?',
];
const ofAddress = [
  'DELETE FROM sign_ups WHERE email = ?',
  'DELETE FROM challenges WHERE email = ?',
  'DELETE FROM mails WHERE recipient = ?',
  `${nowhere} target = ?`,
];

function erasing(db: Connection): Pick<ClosingStore, 'eraseClosed'> {
  const due = db.statement<[id: string, email: string]>(`
    SELECT accounts.id, accounts.email FROM closings JOIN accounts ON accounts.id = closings.account_id WHERE closings.erased_at <= ? LIMIT 1`);
  const byId = ofAccount.map((sql) => db.statement(sql));
  const byEmail = ofAddress.map((sql) => db.statement(sql));
  const eraseOne = (now: Date): boolean => {
    const found = due.get(now.getTime());
    if (found === undefined) return false;
    const [id, email] = found;
    for (const erasure of byEmail) erasure.run(email);
    for (const erasure of byId) erasure.run(id);
    return true;
  };
  return {
    async eraseClosed(now) {
      let erased = 0;
      while (await db.write(() => eraseOne(now))) erased += 1;
      return erased;
    },
  };
}
