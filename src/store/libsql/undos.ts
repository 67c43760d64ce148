import { type UndoEffect, undoEffects } from '../../records.ts';
import type { UndoStore } from '../port/undos.ts';
import { addressSteps } from './account-changes.ts';
import { challengeSteps } from './challenges.ts';
import { eventSteps } from './events.ts';
import { factorRecoverySteps } from './factor-recoveries.ts';
import { factorSteps } from './factor-steps.ts';
import { type AccountRow, toAccount } from './rows/accounts.ts';
import { columnsOf, insertInto } from './rows/columns.ts';
import { type EventRow, toEvent } from './rows/events.ts';
import { fromMail } from './rows/mail.ts';
import type { Connection } from './transaction.ts';
import { undoSteps } from './undo-steps.ts';

interface Undoing {
  accountId: string;
  /** The account’s current key, and the address to restore. */
  before: string;
  restored: string;
  /** Another account has that address. */
  isTaken: boolean;
  keptUntil: Date;
  since: number;
  everyProvider: boolean;
  now: Date;
}

/** One step for each promised effect. */
function effects(db: Connection): Record<UndoEffect, (undoing: Undoing) => void> {
  const challenge = challengeSteps(db);
  const { readdress, contest } = addressSteps(db);
  const { removeSince, removeCodesSince } = factorSteps(db);
  const recovery = factorRecoverySteps(db);
  const { voidAll, keepAlone } = undoSteps(db);
  const endSessions = db.statement('DELETE FROM sessions WHERE account_id = ?');
  const forgetDevices = db.statement('DELETE FROM devices WHERE account_id = ?');
  const removePassword = db.statement('UPDATE accounts SET password_hash = NULL WHERE id = ?');
  const disconnect = db.statement(
    'DELETE FROM identities WHERE account_id = ? AND connected_at >= ?',
  );
  const keep = db.statement('DELETE FROM closings WHERE account_id = ?');
  return {
    sessions({ accountId }) {
      endSessions.run(accountId);
      forgetDevices.run(accountId);
    },
    password: ({ accountId }) => void removePassword.run(accountId),
    address({ accountId, before, restored, isTaken, now }) {
      if (isTaken) contest(accountId, restored);
      else if (before !== restored) readdress(accountId, restored, now);
    },
    factors: ({ accountId, since }) => removeSince(accountId, since),
    'recovery-codes': ({ accountId, since }) => removeCodesSince(accountId, since),
    providers: ({ accountId, since, everyProvider }) =>
      void disconnect.run(accountId, everyProvider ? 0 : since),
    codes({ accountId, before, restored, isTaken, keptUntil, now }) {
      challenge.endAllAbout(accountId, now);
      for (const address of isTaken ? [before] : [before, restored])
        challenge.endAllOf(address, 'recover', now);
      recovery.remove(accountId);
      if (isTaken) return keepAlone({ accountId, email: restored, until: keptUntil, now });
      voidAll(accountId);
    },
    deletion: ({ accountId }) => void keep.run(accountId),
  };
}

/** Undo links (“This wasn’t me”). */
export function undos(db: Connection): UndoStore {
  const { record } = eventSteps(db);
  const { isTaken: mustEnrol } = addressSteps(db);
  const { liveOf } = undoSteps(db);
  const steps = effects(db);
  const find = db.statement<[accountId: string]>(
    'SELECT account_id FROM undos WHERE token_hash = ? AND expires_at > ?',
  );
  const account = db.statement<AccountRow>(
    `SELECT ${columnsOf('accounts')} FROM accounts WHERE id = ?`,
  );
  const doneToOthers = db.statement<EventRow>(`
    SELECT ${columnsOf('events')} FROM events
    WHERE actor_id = ?1 AND at >= ?2 AND (account_id <> ?1 OR action IN (SELECT value FROM json_each(?3))) ORDER BY at DESC, id DESC LIMIT 100`);
  const insertMail = db.statement(insertInto('mails'));
  return {
    redeemUndo: ({ tokenHash, everyProvider, actions, event, tell, keptUntil, now }) =>
      db.write(() => {
        const accountId = find.get(tokenHash, now.getTime())?.[0];
        if (accountId === undefined) return null;
        const [live, row] = [liveOf(accountId, now), account.get(accountId)];
        if (live === null || row === undefined) return null;
        const intruded = toAccount(row);
        const { since, addresses } = live;
        const [restored] = addresses;
        const [, before] = row;
        const isTaken = restored !== before && mustEnrol(restored);
        for (const effect of undoEffects)
          steps[effect]({
            accountId,
            before,
            restored,
            isTaken,
            since,
            everyProvider,
            keptUntil,
            now,
          });
        const others = doneToOthers.all(accountId, since, JSON.stringify(actions)).map(toEvent);
        record({ ...event, accountId });
        const address = isTaken ? 'taken' : 'restored';
        for (const email of new Set([...addresses, intruded.email]))
          insertMail.run(
            ...fromMail(tell({ email, address: email === restored ? address : 'elsewhere' })),
          );
        return {
          account: { ...intruded, email: restored, passwordHash: null },
          address,
          since: new Date(since),
          doneToOthers: others,
        };
      }),
  };
}
