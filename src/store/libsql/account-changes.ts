import { type Account, challengePurposes, type ContinuedSession, type PasswordHash, type Store } from '../port.ts';
import { challengeSteps } from './challenges.ts';
import { type EventSteps, eventSteps } from './events.ts';
import { factorRecoverySteps } from './factor-recoveries.ts';
import { factorSteps } from './factors.ts';
import { type AccountRow, columnsOf, domainOf, fromSession, insertInto, nameKeyOf, toAccount } from './rows.ts';
import type { Connection } from './transaction.ts';

type AccountChanges = Pick<
  Store,
  'changePassword' | 'renameAccount' | 'changeOperator' | 'redeemEmailChange' | 'redeemRecovery' | 'redeemUndo'
>;

/** Changes of an account that are recorded. */
export function accountChanges(db: Connection): AccountChanges {
  const steps = eventSteps(db);
  return { ...changing(db, steps), ...appointing(db, steps), ...moving(db, steps), ...securing(db, steps) };
}

const endSessionsOf = 'DELETE FROM sessions WHERE account_id = ?';

function changing(db: Connection, { record, notify }: EventSteps): Pick<AccountChanges, 'changePassword' | 'renameAccount'> {
  const challenge = challengeSteps(db);
  const { stop } = factorRecoverySteps(db);
  const sessionSteps = continuing(db);
  const change = db.statement<[email: string]>('UPDATE accounts SET password_hash = ? WHERE id = ? AND password_hash = ? RETURNING email');
  const endSessions = db.statement(endSessionsOf);
  const rename = db.statement<AccountRow>(`UPDATE accounts SET name = ?, name_key = ? WHERE id = ? RETURNING ${columnsOf('accounts')}`);
  return {
    changePassword: ({ accountId, from, to, continued, notice }) =>
      db.write(() => {
        if (continued !== null && !sessionSteps.isThere(continued)) return false;
        const changed = change.get(to, accountId, from);
        if (changed === undefined) return false;
        endSessions.run(accountId);
        if (continued !== null) sessionSteps.insert(continued);
        stop(accountId);
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

/** To be called inside a transaction. */
function continuing(db: Connection) {
  const find = db.statement<[number]>('SELECT 1 FROM sessions WHERE token_hash = ? AND account_id = ?');
  const insert = db.statement(insertInto('sessions'));
  return {
    isThere: ({ from, session }: ContinuedSession): boolean => find.get(from, session.accountId) !== undefined,
    insert: ({ session }: ContinuedSession) => void insert.run(...fromSession(session)),
  };
}

function appointing(db: Connection, { record, notify }: EventSteps): Pick<AccountChanges, 'changeOperator'> {
  const find = db.statement<[operator: number]>('SELECT operator FROM accounts WHERE id = ?');
  const another = db.statement<[number]>('SELECT 1 FROM accounts WHERE operator = 1 AND id <> ? LIMIT 1');
  const change = db.statement('UPDATE accounts SET operator = ? WHERE id = ?');
  const endSessions = db.statement(endSessionsOf);
  return {
    changeOperator: ({ accountId, operator, notice }) =>
      db.write(() => {
        if (find.get(notice.event.actorId)?.[0] !== 1) return 'refused';
        if (find.get(accountId)?.[0] !== Number(!operator)) return 'unchanged';
        if (!operator && another.get(accountId) === undefined) return 'last';
        change.run(Number(operator), accountId);
        if (operator) endSessions.run(accountId);
        record(notice.event);
        notify(notice);
        return 'changed';
      }),
  };
}

/** Another address for an account; `null` when somebody has it. To be called inside a transaction. */
function addressing(db: Connection) {
  const taken = db.statement<[number]>('SELECT 1 FROM accounts WHERE email = ?');
  const set = db.statement<AccountRow>(`UPDATE accounts SET email = ?, domain = ? WHERE id = ? RETURNING ${columnsOf('accounts')}`);
  return {
    readdress(accountId: string, email: string): Account | null {
      const row = taken.get(email) === undefined ? set.get(email, domainOf(email), accountId) : undefined;
      return row === undefined ? null : toAccount(row);
    },
  };
}

function moving(db: Connection, { record, notify }: EventSteps): Pick<AccountChanges, 'redeemEmailChange'> {
  const challenge = challengeSteps(db);
  const addressOf = db.statement<[email: string]>('SELECT email FROM accounts WHERE id = ?');
  const closeSignUps = db.statement('DELETE FROM sign_ups WHERE email = ?');
  const { readdress } = addressing(db);
  return {
    async redeemEmailChange({ challengeId, codeHash, notice, now }) {
      const guess = await challenge.guess({ id: challengeId, purpose: 'change-email', codeHash, now });
      if (guess.kind !== 'right') return guess;
      return db.write(() => {
        const { subjectId, email } = guess.challenge;
        if (!challenge.useUp(guess.challenge, now)) return { kind: 'over' };
        const before = subjectId === null ? undefined : addressOf.get(subjectId)?.[0];
        if (subjectId === null || before === undefined) return { kind: 'over' };
        const account = readdress(subjectId, email);
        if (account === null) return { kind: 'taken' };
        closeSignUps.run(email);
        challenge.endAllOf(email, 'verify-email', now);
        for (const purpose of challengePurposes) challenge.endAllOf(before, purpose, now);
        record(notice.event);
        notify(notice);
        return { kind: 'redeemed', account };
      });
    },
  };
}

function securing(db: Connection, { record, notify }: EventSteps): Pick<AccountChanges, 'redeemRecovery' | 'redeemUndo'> {
  const challenge = challengeSteps(db);
  const setPassword = db.statement<AccountRow>(`UPDATE accounts SET password_hash = ? WHERE id = ? RETURNING ${columnsOf('accounts')}`);
  const endSessions = db.statement(endSessionsOf);
  const forgetDevices = db.statement('DELETE FROM devices WHERE account_id = ?');
  const useUndo = db.statement<[accountId: string, since: number, email: string | null]>(
    'DELETE FROM undos WHERE token_hash = ? AND expires_at > ? RETURNING account_id, since, email',
  );
  const { readdress } = addressing(db);
  const reopen = db.statement('DELETE FROM closings WHERE account_id = ?');
  const { removeSince } = factorSteps(db);
  const { stop } = factorRecoverySteps(db);
  const dropIdentities = db.statement('DELETE FROM identities WHERE account_id = ?');

  /** Whoever is in, or half in, is out, and no device is trusted any more. */
  const secure = (accountId: string, passwordHash: PasswordHash | null, now: Date): Account | null => {
    const row = setPassword.get(passwordHash, accountId);
    if (row === undefined) return null;
    const account = toAccount(row);
    endSessions.run(accountId);
    forgetDevices.run(accountId);
    stop(accountId);
    challenge.endAllOf(account.email, 'second-factor', now);
    return account;
  };
  return {
    async redeemRecovery({ challengeId, codeHash, passwordHash, notice, now }) {
      const guess = await challenge.guess({ id: challengeId, purpose: 'recover', codeHash, now });
      if (guess.kind !== 'right') return guess;
      const { subjectId } = guess.challenge;
      const chosen = await passwordHash();
      return db.write(() => {
        if (!challenge.useUp(guess.challenge, now)) return { kind: 'over' };
        const account = subjectId === null ? null : secure(subjectId, chosen, now);
        if (account === null) return { kind: 'over' };
        challenge.endAllOf(account.email, 'recover', now);
        record(notice.event);
        notify(notice);
        return { kind: 'redeemed', account };
      });
    },
    redeemUndo: ({ tokenHash, event, now }) =>
      db.write(() => {
        const undo = useUndo.get(tokenHash, now.getTime());
        if (undo === undefined) return null;
        const [accountId, since, email] = undo;
        const secured = secure(accountId, null, now);
        if (secured === null) return null;
        const account = (email === null ? null : readdress(accountId, email)) ?? secured;
        for (const address of [secured.email, account.email]) challenge.endAllOf(address, 'recover', now);
        removeSince(accountId, since);
        reopen.run(accountId);
        dropIdentities.run(accountId);
        record({ ...event, accountId });
        return { account };
      }),
  };
}
