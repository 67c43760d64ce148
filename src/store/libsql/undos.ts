import { type Store, type UndoEffect, undoEffects } from '../port.ts';
import { addressSteps } from './account-changes.ts';
import { challengeSteps } from './challenges.ts';
import { eventSteps } from './events.ts';
import { factorRecoverySteps } from './factor-recoveries.ts';
import { factorSteps } from './factors.ts';
import { type AccountRow, columnsOf, type EventRow, fromMail, insertInto, toAccount, toEvent } from './rows.ts';
import type { Connection } from './transaction.ts';
import { undoSteps } from './undo-steps.ts';

interface Undoing {
  accountId: string;
  /** The address that the account has, and the one that it gets back. */
  before: string;
  restored: string;
  since: number;
  everyProvider: boolean;
  now: Date;
}

/** One step for each row of the promise. */
function effects(db: Connection): Record<UndoEffect, (undoing: Undoing) => void> {
  const challenge = challengeSteps(db);
  const { readdress } = addressSteps(db);
  const { removeSince, removeCodesSince } = factorSteps(db);
  const recovery = factorRecoverySteps(db);
  const { voidAll } = undoSteps(db);
  const endSessions = db.statement('DELETE FROM sessions WHERE account_id = ?');
  const forgetDevices = db.statement('DELETE FROM devices WHERE account_id = ?');
  const removePassword = db.statement('UPDATE accounts SET password_hash = NULL WHERE id = ?');
  const disconnect = db.statement('DELETE FROM identities WHERE account_id = ? AND joined_at >= ?');
  const keep = db.statement('DELETE FROM closings WHERE account_id = ?');
  return {
    sessions({ accountId }) {
      endSessions.run(accountId);
      forgetDevices.run(accountId);
    },
    password: ({ accountId }) => void removePassword.run(accountId),
    address({ accountId, before, restored, now }) {
      if (before !== restored) readdress(accountId, restored, now);
    },
    factors: ({ accountId, since }) => removeSince(accountId, since),
    'recovery-codes': ({ accountId, since }) => removeCodesSince(accountId, since),
    providers: ({ accountId, since, everyProvider }) => void disconnect.run(accountId, everyProvider ? 0 : since),
    codes({ accountId, before, restored, now }) {
      challenge.endAllAbout(accountId, now);
      for (const address of [before, restored]) challenge.endAllOf(address, 'recover', now);
      recovery.remove(accountId);
      voidAll(accountId);
    },
    deletion: ({ accountId }) => void keep.run(accountId),
  };
}

/** “This wasn’t me”. */
export function undos(db: Connection): Pick<Store, 'redeemUndo'> {
  const { record } = eventSteps(db);
  const { isTaken } = addressSteps(db);
  const { liveOf } = undoSteps(db);
  const steps = effects(db);
  const find = db.statement<[accountId: string]>('SELECT account_id FROM undos WHERE token_hash = ? AND expires_at > ?');
  const account = db.statement<AccountRow>(`SELECT ${columnsOf('accounts')} FROM accounts WHERE id = ?`);
  const accountOf = (id: string) => {
    const row = account.get(id);
    return row === undefined ? null : toAccount(row);
  };
  const doneToOthers = db.statement<EventRow>(`
    SELECT ${columnsOf('events')} FROM events
    WHERE actor_id = ?1 AND at >= ?2 AND (account_id <> ?1 OR action IN (SELECT value FROM json_each(?3))) ORDER BY at DESC, id DESC LIMIT 100`);
  const insertMail = db.statement(insertInto('mails'));
  return {
    redeemUndo: ({ tokenHash, everyProvider, actions, event, tell, now }) =>
      db.write(() => {
        const accountId = find.get(tokenHash, now.getTime())?.[0] ?? '';
        const [live, intruded] = [liveOf(accountId, now), accountOf(accountId)];
        if (live === null || intruded === null) return null;
        const { since, addresses } = live;
        const [restored] = addresses;
        const before = intruded.email;
        if (restored !== before && isTaken(restored)) return 'taken';
        for (const effect of undoEffects) steps[effect]({ accountId, before, restored, since, everyProvider, now });
        const others = doneToOthers.all(accountId, since, JSON.stringify(actions)).map(toEvent);
        record({ ...event, accountId });
        for (const email of new Set([...addresses, before])) insertMail.run(...fromMail(tell({ email, isRestored: email === restored })));
        return { account: { ...intruded, email: restored, passwordHash: null }, since: new Date(since), doneToOthers: others };
      }),
  };
}
