import {
  type Account,
  type Challenge,
  challengePurposes,
  type PasswordHash,
} from '../../records.ts';
import { contestedKey, domainOf, nameKeyOf } from '../keys.ts';
import type { ContinuedSession, AccountChangeStore } from '../port/account-changes.ts';
import { challengeSteps } from './challenges.ts';
import { anotherOperator } from './closing.ts';
import { type EventSteps, eventSteps } from './events.ts';
import { factorRecoverySteps } from './factor-recoveries.ts';
import { type AccountRow, toAccount } from './rows/accounts.ts';
import { columnsOf, insertInto } from './rows/columns.ts';
import { fromSession } from './rows/sessions.ts';
import type { Connection } from './transaction.ts';
import { undoSteps } from './undo-steps.ts';

/** Account changes that are recorded in the audit log. */
export function accountChanges(db: Connection): AccountChangeStore {
  const steps = eventSteps(db);
  return {
    ...changing(db, steps),
    ...appointing(db, steps),
    ...moving(db, steps),
    ...securing(db, steps),
  };
}

const endSessionsOf = 'DELETE FROM sessions WHERE account_id = ?';

function changing(
  db: Connection,
  { record, notify }: EventSteps,
): Pick<AccountChangeStore, 'changePassword' | 'renameAccount'> {
  const challenge = challengeSteps(db);
  const recovery = factorRecoverySteps(db);
  const sessionSteps = continuing(db);
  const change = db.statement<[email: string]>(
    'UPDATE accounts SET password_hash = ? WHERE id = ? AND password_hash = ? RETURNING email',
  );
  const endSessions = db.statement(endSessionsOf);
  const rename = db.statement<AccountRow>(
    `UPDATE accounts SET name = ?, name_key = ? WHERE id = ? RETURNING ${columnsOf('accounts')}`,
  );
  return {
    changePassword: ({ accountId, from, to, continued, notice }) =>
      db.write(() => {
        if (continued !== null && !sessionSteps.isThere(continued)) return false;
        const changed = change.get(to, accountId, from);
        if (changed === undefined) return false;
        endSessions.run(accountId);
        if (continued !== null) sessionSteps.insert(continued);
        recovery.remove(accountId);
        challenge.endAllOf(changed[0], 'recover', notice.event.at);
        record(notice.event);
        notify(notice);
        return true;
      }),
    renameAccount: ({ accountId, name, event }) =>
      db.write(() => {
        const row = rename.get(name, nameKeyOf(name), accountId);
        if (row === undefined) return null;
        record(event);
        return toAccount(row);
      }),
  };
}

/** Must be called inside a transaction. */
function continuing(db: Connection) {
  const find = db.statement<[number]>(
    'SELECT 1 FROM sessions WHERE token_hash = ? AND account_id = ?',
  );
  const insert = db.statement(insertInto('sessions'));
  return {
    isThere: ({ from, session }: ContinuedSession): boolean =>
      find.get(from, session.accountId) !== undefined,
    insert: ({ session }: ContinuedSession) => void insert.run(...fromSession(session)),
  };
}

function appointing(
  db: Connection,
  { record, notify }: EventSteps,
): Pick<AccountChangeStore, 'changeOperator'> {
  const find = db.statement<[operator: number]>('SELECT operator FROM accounts WHERE id = ?');
  const another = anotherOperator(db);
  const change = db.statement('UPDATE accounts SET operator = ? WHERE id = ?');
  const endSessions = db.statement(endSessionsOf);
  return {
    changeOperator: ({ accountId, operator, notice }) =>
      db.write(() => {
        if (find.get(notice.event.actorId)?.[0] !== 1) return 'refused';
        if (find.get(accountId)?.[0] !== Number(!operator)) return 'unchanged';
        if (!operator && !another(accountId)) return 'last';
        change.run(Number(operator), accountId);
        if (operator) endSessions.run(accountId);
        record(notice.event);
        notify(notice);
        return 'changed';
      }),
  };
}

/** Changes of an account’s address, and of a contested one. Must be called inside a transaction. */
export function addressSteps(db: Connection) {
  const taken = db.statement<[number]>('SELECT 1 FROM accounts WHERE email = ?');
  const set = db.statement<AccountRow>(
    `UPDATE accounts SET email = ?, domain = ?, restoring = ? WHERE id = ? RETURNING ${columnsOf('accounts')}`,
  );
  const closeSignUps = db.statement('DELETE FROM sign_ups WHERE email = ?');
  const challenge = challengeSteps(db);
  return {
    isTaken: (email: string): boolean => taken.get(email) !== undefined,
    /** Sets the account’s address and closes all sign-ups of it. `null`: there is no such account. */
    readdress(accountId: string, email: string, now: Date): Account | null {
      const row = set.get(email, domainOf(email), null, accountId);
      if (row === undefined) return null;
      closeSignUps.run(email);
      challenge.endAllOf(email, 'verify-email', now);
      return toAccount(row);
    },
    /** The account waits for this address, which another account has. Until then no address finds the account. */
    contest: (accountId: string, email: string): void =>
      void set.get(contestedKey(email, accountId), domainOf(email), email, accountId),
  };
}

function moving(
  db: Connection,
  { record, notify }: EventSteps,
): Pick<AccountChangeStore, 'redeemEmailChange'> {
  const challenge = challengeSteps(db);
  const addressOf = db.statement<[email: string]>('SELECT email FROM accounts WHERE id = ?');
  const { isTaken, readdress } = addressSteps(db);
  const { returnTo, endBy } = undoSteps(db);
  return {
    async redeemEmailChange({ challengeId, codeHash, notice, now }) {
      const guess = await challenge.guess({
        id: challengeId,
        purpose: 'change-email',
        codeHash,
        now,
      });
      if (guess.kind !== 'right') return guess;
      return db.write(() => {
        const { subjectId, email } = guess.challenge;
        if (!challenge.useUp(guess.challenge, now)) return { kind: 'over' };
        const before = subjectId === null ? undefined : addressOf.get(subjectId)?.[0];
        if (subjectId === null || before === undefined) return { kind: 'over' };
        if (isTaken(email)) return { kind: 'taken' };
        // Before the change, so that the notice goes to the previous address.
        notify(notice);
        const account = readdress(subjectId, email, now);
        if (account === null) return { kind: 'over' };
        for (const purpose of challengePurposes) challenge.endAllOf(before, purpose, now);
        returnTo(account, now);
        endBy(account.id, notice.undo.expiresAt);
        record(notice.event);
        return { kind: 'redeemed', account };
      });
    },
  };
}

function securing(
  db: Connection,
  { record, notify }: EventSteps,
): Pick<AccountChangeStore, 'redeemRecovery'> {
  const challenge = challengeSteps(db);
  const find = db.statement<AccountRow>(
    `SELECT ${columnsOf('accounts')} FROM accounts WHERE id = ?`,
  );
  const setPassword = db.statement<AccountRow>(
    `UPDATE accounts SET password_hash = ? WHERE id = ? AND email = ? RETURNING ${columnsOf('accounts')}`,
  );
  const endSessions = db.statement(endSessionsOf);
  const forgetDevices = db.statement('DELETE FROM devices WHERE account_id = ?');
  const recovery = factorRecoverySteps(db);

  /**
   * Ends all sessions and pending sign-ins, and forgets all devices. `null`: the account is gone or has another
   * address.
   */
  const secure = (
    { email, subjectId }: Challenge,
    passwordHash: PasswordHash,
    now: Date,
  ): Account | null => {
    const row = setPassword.get(passwordHash, subjectId, email);
    if (row === undefined) return null;
    const account = toAccount(row);
    const { id: accountId } = account;
    endSessions.run(accountId);
    forgetDevices.run(accountId);
    recovery.remove(accountId);
    challenge.endAllOf(account.email, 'second-factor', now);
    return account;
  };
  return {
    async redeemRecovery({ challengeId, codeHash, complete, now }) {
      const guess = await challenge.guess({ id: challengeId, purpose: 'recover', codeHash, now });
      if (guess.kind !== 'right') return guess;
      const owner = await db.read(() => find.get(guess.challenge.subjectId));
      const completed = owner === undefined ? null : await complete(toAccount(owner));
      return db.write(() => {
        if (!challenge.useUp(guess.challenge, now)) return { kind: 'over' };
        if (completed === null) return { kind: 'over' };
        const account = secure(guess.challenge, completed.passwordHash, now);
        if (account === null) return { kind: 'over' };
        challenge.endAllOf(account.email, 'recover', now);
        record(completed.notice.event);
        notify(completed.notice);
        return { kind: 'redeemed', account };
      });
    },
  };
}
