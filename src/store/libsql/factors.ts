import type { Hashed } from '../../records.ts';
import { maxFactors } from '../../records/two-factor.ts';
import type { Notice } from '../port/events.ts';
import type { EnrollingSession, FactorStore } from '../port/factors.ts';
import { challengeSteps } from './challenges.ts';
import { type EventSteps, eventSteps } from './events.ts';
import { type FactorRecoverySteps, factorRecoverySteps } from './factor-recoveries.ts';
import { type FactorSteps, factorSteps } from './factor-steps.ts';
import { columnsOf, insertInto } from './rows/columns.ts';
import {
  type FactorRow,
  fromCeremony,
  fromFactor,
  fromPendingSignIn,
  type PendingSignInRow,
  toFactor,
  toPendingSignIn,
} from './rows/factors.ts';
import type { Connection } from './transaction.ts';

/** Second factors, recovery codes and pending sign-ins. */
export function factors(db: Connection): FactorStore {
  return {
    ...pending(db),
    ...reading(db),
    ...changing(db, eventSteps(db), { ...factorSteps(db), ...factorRecoverySteps(db) }),
    ...ceremonies(db),
  };
}

function pending(db: Connection): Pick<FactorStore, 'openSecondFactor' | 'findPendingSignIn'> {
  const challenge = challengeSteps(db);
  const insert = db.statement(insertInto('pending_sign_ins'));
  const find = db.statement<PendingSignInRow>(
    `SELECT ${columnsOf('pending_sign_ins')} FROM pending_sign_ins WHERE id = ?`,
  );
  return {
    openSecondFactor: ({ challenge: due, pending: signIn }) =>
      db.write(() => {
        challenge.insert(due);
        insert.run(...fromPendingSignIn(signIn));
      }),
    findPendingSignIn: (challengeId) =>
      db.read(() => {
        const row = find.get(challengeId);
        return row === undefined ? null : toPendingSignIn(row);
      }),
  };
}

function reading(db: Connection): Pick<FactorStore, 'factorsOf' | 'findFactor' | 'findPasskey'> {
  const all = `SELECT ${columnsOf('factors')} FROM factors WHERE`;
  const confirmed = db.statement<FactorRow>(
    `${all} account_id = ? AND confirmed_at IS NOT NULL ORDER BY created_at, id`,
  );
  const codes = db.statement<[number]>('SELECT count(*) FROM recovery_codes WHERE account_id = ?');
  const byId = db.statement<FactorRow>(`${all} account_id = ? AND id = ?`);
  const byCredential = db.statement<FactorRow>(`${all} credential_id = ?`);
  const factorOf = (row: FactorRow | undefined) => (row === undefined ? null : toFactor(row));
  return {
    factorsOf: (accountId) =>
      db.read(() => ({
        factors: confirmed.all(accountId).map(toFactor),
        recoveryCodesLeft: codes.get(accountId)?.[0] ?? 0,
      })),
    findFactor: ({ accountId, id }) => db.read(() => factorOf(byId.get(accountId, id))),
    findPasskey: (credentialId) => db.read(() => factorOf(byCredential.get(credentialId))),
  };
}

/** The session in which a factor is added. Must be called inside that transaction. */
function enrollingSessions(db: Connection) {
  const find = db.statement<[number]>(
    'SELECT 1 FROM sessions WHERE id = ? AND account_id = ? AND token_hash = ?',
  );
  const rotate = db.statement(
    'UPDATE sessions SET token_hash = ?, confirmed_at = ifnull(?, confirmed_at) WHERE id = ?',
  );
  const endOthers = db.statement('DELETE FROM sessions WHERE account_id = ? AND id <> ?');
  const unconfirmOthers = db.statement(
    'UPDATE sessions SET confirmed_at = min(confirmed_at, ?) WHERE account_id = ? AND id <> ?',
  );
  return {
    isThere: (accountId: string, { id, from }: EnrollingSession): boolean =>
      find.get(id, accountId, from) !== undefined,
    /** `confirmedAt` is set for the account’s first factor; `null` if it had one. */
    continue(
      accountId: string,
      { id, to, keepOthers }: EnrollingSession,
      confirmedAt: Date | null,
    ): void {
      rotate.run(to, confirmedAt?.getTime() ?? null, id);
      if (confirmedAt === null) return;
      if (keepOthers) unconfirmOthers.run(confirmedAt.getTime() - 1, accountId, id);
      else endOthers.run(accountId, id);
    },
  };
}

type Changing = Pick<
  FactorStore,
  'openFactor' | 'confirmFactor' | 'addPasskey' | 'replaceRecoveryCodes' | 'removeFactor'
>;

function changing(
  db: Connection,
  { record, notify }: EventSteps,
  { removeCodesOfNone, hasFactor, stopByNewFactor }: FactorSteps & FactorRecoverySteps,
): Changing {
  const enrolling = enrollingSessions(db);
  const insert = db.statement(insertInto('factors'));
  const removeOpen = db.statement(
    'DELETE FROM factors WHERE account_id = ? AND confirmed_at IS NULL',
  );
  const remove = db.statement(
    'DELETE FROM factors WHERE account_id = ? AND id = ? AND confirmed_at IS NOT NULL',
  );
  const known = db.statement<[number]>('SELECT 1 FROM factors WHERE credential_id = ?');
  const count = db.statement<[number]>(
    'SELECT count(*) FROM factors WHERE account_id = ? AND confirmed_at IS NOT NULL',
  );
  const isFull = (accountId: string) => (count.get(accountId)?.[0] ?? 0) >= maxFactors;
  const confirm = db.statement(`
    UPDATE factors SET confirmed_at = ?1, last_used_at = ?1, counter = ?2 WHERE account_id = ?3 AND id = ?4 AND confirmed_at IS NULL`);
  const removeCodes = db.statement('DELETE FROM recovery_codes WHERE account_id = ?');
  const insertCode = db.statement(
    'INSERT INTO recovery_codes (account_id, code_hash, created_at) VALUES (?, ?, ?)',
  );

  const setCodes = (accountId: string, codes: readonly Hashed[], { event }: Notice) => {
    removeCodes.run(accountId);
    for (const code of codes) insertCode.run(accountId, code, event.at.getTime());
  };
  return {
    openFactor: (factor) =>
      db.write(() => {
        removeOpen.run(factor.accountId);
        insert.run(...fromFactor(factor));
      }),
    confirmFactor: ({ accountId, id, counter, recoveryCodes, session, notice, stopping, now }) =>
      db.write(() => {
        if (session !== null && !enrolling.isThere(accountId, session)) return null;
        if (isFull(accountId)) return 'too-many';
        const isFirst = !hasFactor(accountId);
        if (confirm.run(now.getTime(), counter, accountId, id) === 0) return null;
        if (isFirst) setCodes(accountId, recoveryCodes, notice);
        if (session !== null) enrolling.continue(accountId, session, isFirst ? now : null);
        stopByNewFactor(stopping);
        record(notice.event);
        notify(notice);
        return { isFirst };
      }),
    addPasskey: ({ factor, recoveryCodes, session, notice, stopping }) =>
      db.write(() => {
        if (session !== null && !enrolling.isThere(factor.accountId, session)) return null;
        if (isFull(factor.accountId)) return 'too-many';
        if (known.get(factor.credentialId) !== undefined) return null;
        const isFirst = !hasFactor(factor.accountId);
        insert.run(...fromFactor(factor));
        if (isFirst) setCodes(factor.accountId, recoveryCodes, notice);
        if (session !== null)
          enrolling.continue(factor.accountId, session, isFirst ? notice.event.at : null);
        stopByNewFactor(stopping);
        record(notice.event);
        notify(notice);
        return { isFirst };
      }),
    replaceRecoveryCodes: ({ accountId, recoveryCodes, notice }) =>
      db.write(() => {
        if (!hasFactor(accountId)) return false;
        setCodes(accountId, recoveryCodes, notice);
        record(notice.event);
        notify(notice);
        return true;
      }),
    removeFactor: ({ accountId, id, notice }) =>
      db.write(() => {
        if (remove.run(accountId, id) === 0) return false;
        removeCodesOfNone(accountId);
        record(notice.event);
        notify(notice);
        return true;
      }),
  };
}

function ceremonies(db: Connection): Pick<FactorStore, 'openCeremony' | 'takeCeremony'> {
  const insert = db.statement(insertInto('ceremonies'));
  const take = db.statement<[string | null]>(`
    DELETE FROM ceremonies WHERE challenge_hash = ? AND purpose = ? AND expires_at > ? RETURNING subject_id`);
  return {
    openCeremony: (ceremony) => db.write(() => void insert.run(...fromCeremony(ceremony))),
    takeCeremony: ({ challengeHash, purpose, now }) =>
      db.write(() => {
        const row = take.get(challengeHash, purpose, now.getTime());
        return row === undefined ? null : { subjectId: row[0] };
      }),
  };
}
