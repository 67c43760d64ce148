import type { Notice } from '../port/events.ts';
import type { FactorRecoveryStore } from '../port/factor-recoveries.ts';
import { challengeSteps } from './challenges.ts';
import { eventSteps } from './events.ts';
import { columnsOf, insertInto } from './rows/columns.ts';
import {
  type FactorRecoveryRow,
  fromFactorRecovery,
  toFactorRecovery,
} from './rows/factor-recoveries.ts';
import type { Connection } from './transaction.ts';

/** Must be called inside the transaction that uses or stops a recovery. */
export interface FactorRecoverySteps {
  isOpen(accountId: string, now: Date): boolean;
  use(accountId: string, now: Date): void;
  /** Stops a waiting recovery, records it and notifies the owner. */
  stop(stopping: Notice): void;
  /** As `stop`, for an added factor. Deletes a recovery that was used. */
  stopByNewFactor(stopping: Notice): void;
  /** After a password change: the first factor that started the recovery is no longer valid. */
  remove(accountId: string): void;
}

/** Tables emptied for the account when a recovery is used. */
const lost = ['factors', 'recovery_codes', 'sessions'];

export function factorRecoverySteps(db: Connection): FactorRecoverySteps {
  const { record, notify } = eventSteps(db);
  const open = db.statement<[number]>(`
    SELECT 1 FROM factor_recoveries WHERE account_id = ?1 AND used_at IS NULL AND stopped_at IS NULL AND opens_at <= ?2 AND closes_at > ?2`);
  const use = db.statement('UPDATE factor_recoveries SET used_at = ? WHERE account_id = ?');
  const removals = lost.map((table) => db.statement(`DELETE FROM ${table} WHERE account_id = ?`));
  const mark = db.statement(`
    UPDATE factor_recoveries SET stopped_at = ?2 WHERE account_id = ?1 AND used_at IS NULL AND stopped_at IS NULL AND closes_at > ?2`);
  const removeUsed = db.statement(
    'DELETE FROM factor_recoveries WHERE account_id = ? AND used_at IS NOT NULL',
  );
  const remove = db.statement('DELETE FROM factor_recoveries WHERE account_id = ?');
  const stop = (stopping: Notice): void => {
    const { accountId, at } = stopping.event;
    if (mark.run(accountId, at.getTime()) === 0) return;
    record(stopping.event);
    notify(stopping);
  };
  return {
    isOpen: (accountId, now) => open.get(accountId, now.getTime()) !== undefined,
    use(accountId, now) {
      use.run(now.getTime(), accountId);
      for (const removal of removals) removal.run(accountId);
    },
    stop,
    stopByNewFactor(stopping) {
      removeUsed.run(stopping.event.accountId);
      stop(stopping);
    },
    remove: (accountId) => void remove.run(accountId),
  };
}

/** Delayed recovery of lost second factors. */
export function factorRecoveries(db: Connection): FactorRecoveryStore {
  const { record, notify } = eventSteps(db);
  const challenge = challengeSteps(db);
  const { stop, remove } = factorRecoverySteps(db);
  const stands = db.statement<[number]>(`
    SELECT 1 FROM pending_sign_ins JOIN accounts ON accounts.id = pending_sign_ins.account_id
    WHERE pending_sign_ins.id = ?1 AND accounts.id = ?2 AND (proven_hash IS NULL OR proven_hash = password_hash)
    AND EXISTS (SELECT 1 FROM factors WHERE account_id = ?2 AND confirmed_at IS NOT NULL)`);
  const find = db.statement<FactorRecoveryRow>(
    `SELECT ${columnsOf('factor_recoveries')} FROM factor_recoveries WHERE account_id = ?`,
  );
  const insert = db.statement(insertInto('factor_recoveries'));
  const stoppable = db.statement<[number]>(
    'SELECT 1 FROM factor_recoveries WHERE account_id = ? AND used_at IS NULL AND closes_at > ?',
  );
  const found = (accountId: string) => {
    const row = find.get(accountId);
    return row === undefined ? null : toFactorRecovery(row);
  };
  return {
    openFactorRecovery: ({ recovery, challengeId, notice, now }) =>
      db.write(() => {
        const { accountId } = recovery;
        if (!challenge.isOpen(challengeId, now) || stands.get(challengeId, accountId) === undefined)
          return null;
        const waiting = found(accountId);
        if (
          waiting !== null &&
          waiting.usedAt === null &&
          waiting.stoppedAt === null &&
          waiting.closesAt > now
        )
          return waiting;
        remove(accountId);
        insert.run(...fromFactorRecovery(recovery));
        record(notice.event);
        notify(notice);
        return recovery;
      }),
    findFactorRecovery: (accountId) => db.read(() => found(accountId)),
    stopFactorRecovery: (stopping) =>
      db.write(() => {
        const { accountId, at } = stopping.event;
        if (stoppable.get(accountId, at.getTime()) === undefined) return false;
        stop(stopping);
        return true;
      }),
  };
}
