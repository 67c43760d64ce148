import type { Account } from '../../records.ts';
import type { Connection } from './transaction.ts';

/** The live undo links combined, because each has the effect of all. */
export interface LiveUndos {
  /** In milliseconds. */
  since: number;
  /** The addresses to which they were issued; the first is the one to restore. */
  addresses: readonly [string, ...string[]];
}

/** Must be called inside a transaction. */
export function undoSteps(db: Connection) {
  const live = db.statement<[since: number, email: string]>(
    'SELECT since, email FROM undos WHERE account_id = ? AND expires_at > ? ORDER BY seq',
  );
  const removeAll = db.statement('DELETE FROM undos WHERE account_id = ?');
  const removeAfterReturn = db.statement(`
    DELETE FROM undos WHERE account_id = ?1 AND email <> ?2
    AND seq > (SELECT min(seq) FROM undos WHERE account_id = ?1 AND email = ?2 AND expires_at > ?3)`);
  const removeElsewhere = db.statement(
    'DELETE FROM undos WHERE account_id = ? AND (email <> ? OR expires_at <= ?)',
  );
  const setEnd = db.statement('UPDATE undos SET expires_at = ? WHERE account_id = ?');
  const endEarlier = db.statement(
    'UPDATE undos SET expires_at = ?1 WHERE account_id = ?2 AND expires_at > ?1',
  );
  return {
    liveOf(accountId: string, now: Date): LiveUndos | null {
      const links = live.all(accountId, now.getTime());
      const [first, ...rest] = links.map(([, email]) => email);
      if (first === undefined) return null;
      return { since: Math.min(...links.map(([since]) => since)), addresses: [first, ...rest] };
    },
    voidAll: (accountId: string): void => void removeAll.run(accountId),
    /** Live links issued to this address expire at this time; all others become invalid. */
    keepAlone({
      accountId,
      email,
      until,
      now,
    }: {
      accountId: string;
      email: string;
      until: Date;
      now: Date;
    }): void {
      removeElsewhere.run(accountId, email, now.getTime());
      setEnd.run(until.getTime(), accountId);
    },
    /** No link of the account stays valid for longer. */
    endBy: (accountId: string, until: Date): void =>
      void endEarlier.run(until.getTime(), accountId),
    /**
     * The account is back at an address that a live link would restore. Links issued to other addresses since then
     * become invalid.
     */
    returnTo: ({ id, email }: Account, now: Date): void =>
      void removeAfterReturn.run(id, email, now.getTime()),
  };
}
