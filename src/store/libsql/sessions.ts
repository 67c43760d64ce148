import type { Hashed } from '../../records.ts';
import type { ConfirmedBy, SessionStore } from '../port/sessions.ts';
import { challengeSteps } from './challenges.ts';
import { type EventSteps, eventSteps } from './events.ts';
import { factorRecoverySteps } from './factor-recoveries.ts';
import { enrolmentRequiredFrom } from './factor-rule.ts';
import { type FactorSteps, factorSteps } from './factor-steps.ts';
import { remembered } from './remembered.ts';
import { type AccountRow, toAccount } from './rows/accounts.ts';
import { columnsOf, insertInto } from './rows/columns.ts';
import { fromSession, type SessionRow, toSession } from './rows/sessions.ts';
import { dateOrNull } from './rows/values.ts';
import type { Connection } from './transaction.ts';

/** Sessions and known devices. */
export function sessions(db: Connection): SessionStore {
  const steps = eventSteps(db);
  const factor = factorSteps(db);
  return {
    ...beginning(db, steps, factor),
    ...reading(db),
    ...goingOn(db, steps, factor),
    ...ending(db, steps),
  };
}

function beginning(
  db: Connection,
  { record, notify }: EventSteps,
  { spend, hasFactor }: FactorSteps,
): Pick<SessionStore, 'insertSession' | 'deviceCookies'> {
  const insert = db.statement(insertInto('sessions'));
  const remove = db.statement('DELETE FROM sessions WHERE id = ?');
  const removeTooMany = db.statement(`
    DELETE FROM sessions WHERE id IN (
      SELECT id FROM sessions WHERE account_id = ? AND id <> ? ORDER BY created_at DESC, id DESC LIMIT -1 OFFSET ?)`);
  const replaceDeviceCookies = db.statement(`
    UPDATE devices SET replaced_at = ?1, expires_at = min(expires_at, ?2)
    WHERE account_id = ?3 AND device IN (SELECT value FROM json_each(?4)) AND replaced_at IS NULL`);
  const remember = db.statement(`
    INSERT INTO devices (account_id, device, first_used_at, expires_at) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET first_used_at = excluded.first_used_at, expires_at = excluded.expires_at, replaced_at = NULL, shared = 0`);
  const deviceCookies = db.statement<[Hashed, number, number | null, number]>(`
    SELECT device, first_used_at, replaced_at, shared FROM devices
    WHERE account_id = ? AND device IN (SELECT value FROM json_each(?)) AND expires_at > ? ORDER BY first_used_at, device`);
  const proven = db.statement<[number]>(
    'SELECT 1 FROM accounts WHERE id = ? AND password_hash = ?',
  );
  const isClosing = db.statement<[number]>('SELECT 1 FROM closings WHERE account_id = ?');
  const connected = db.statement<[number]>(
    'SELECT 1 FROM identities WHERE account_id = ? AND provider = ? AND issuer = ? AND subject = ?',
  );
  const challenge = challengeSteps(db);
  const recovery = factorRecoverySteps(db);
  return {
    insertSession: (
      session,
      { keep, replacing, device, provenHash, provenIdentity, factor, recovered, event, notice },
    ) =>
      db.write(() => {
        const { accountId, createdAt } = session;
        const { challengeId = null, use = null } = typeof factor === 'object' ? factor : {};
        if (provenHash !== null && proven.get(accountId, provenHash) === undefined)
          return 'password-changed';
        if (
          provenIdentity !== null &&
          connected.get(
            accountId,
            provenIdentity.provider,
            provenIdentity.issuer,
            provenIdentity.subject,
          ) === undefined
        )
          return 'provider-disconnected';
        if (challengeId !== null && !challenge.isValid(challengeId, createdAt))
          return 'challenge-over';
        if (use !== null && !spend(accountId, use, createdAt)) return 'factor-spent';
        if (factor === 'none' && hasFactor(accountId)) return 'factor-due';
        if (recovered && !recovery.isOpen(accountId, createdAt)) return 'recovery-over';
        if (challengeId !== null) challenge.end(challengeId, createdAt);
        if (isClosing.get(accountId) !== undefined) return 'account-closing';
        if (recovered) recovery.use(accountId, createdAt);
        if (replacing !== null) remove.run(replacing);
        insert.run(...fromSession(session));
        removeTooMany.run(session.accountId, session.id, keep - 1);
        replaceDeviceCookies.run(
          createdAt.getTime(),
          device.outdatedUntil.getTime(),
          accountId,
          JSON.stringify(device.replaces),
        );
        remember.run(
          accountId,
          device.hash,
          session.deviceFirstUsedAt.getTime(),
          device.until.getTime(),
        );
        if (recovered) record(recovered);
        record(event);
        if (notice !== null) notify(notice);
        return 'begun';
      }),
    deviceCookies: ({ hashes, accountId, now }) =>
      db.read(() =>
        deviceCookies
          .all(accountId, JSON.stringify(hashes), now.getTime())
          .map(([hash, firstUsedAt, replacedAt, shared]) => ({
            hash,
            firstUsedAt: new Date(firstUsedAt),
            replacedAt: dateOrNull(replacedAt),
            shared: shared === 1,
          })),
      ),
  };
}

type SessionAndAccountRow = [enrolmentRequiredFrom: number | null, ...SessionRow, ...AccountRow];
const sessionFrom = 1;
const accountFrom = 13;
/** About one kilobyte each. */
const maxRemembered = 5_000;

function reading(db: Connection): Pick<SessionStore, 'findSession' | 'listSessions'> {
  const find = db.statement<SessionAndAccountRow>(`
    SELECT ${enrolmentRequiredFrom}, ${columnsOf('sessions')}, ${columnsOf('accounts')}
    FROM sessions JOIN accounts ON accounts.id = sessions.account_id WHERE sessions.token_hash = ?`);
  const list = db.statement<SessionRow>(`
    SELECT ${columnsOf('sessions')} FROM sessions
    WHERE account_id = ?1 AND expires_at > ?2 AND last_used_at + idle > ?2 ORDER BY last_used_at DESC, created_at DESC, id DESC`);
  const sessionOf = (tokenHash: string) => {
    const row = find.get(tokenHash);
    if (row === undefined) return null;
    // Many requests share the same object.
    return Object.freeze({
      session: Object.freeze(toSession(row.slice(sessionFrom) as SessionRow)),
      account: Object.freeze(toAccount(row.slice(accountFrom) as AccountRow)),
      enrolmentRequiredFrom: dateOrNull(row[0]),
    });
  };
  return {
    findSession: remembered(db, sessionOf, maxRemembered),
    listSessions: (accountId, now) =>
      db.read(() => list.all(accountId, now.getTime()).map((row) => toSession(row))),
  };
}

function goingOn(
  db: Connection,
  { record }: EventSteps,
  factor: FactorSteps,
): Pick<SessionStore, 'touchSession' | 'confirmSession'> {
  const touch = db.statement(
    'UPDATE sessions SET last_used_at = ?1 WHERE id = ?2 AND last_used_at < ?1',
  );
  const current = db.statement<[number]>('SELECT 1 FROM sessions WHERE id = ? AND token_hash = ?');
  const confirm = db.statement('UPDATE sessions SET token_hash = ?, confirmed_at = ? WHERE id = ?');
  const hasPassword = db.statement<[number]>(
    'SELECT 1 FROM accounts WHERE id = ? AND password_hash = ?',
  );
  const isConnected = db.statement<[number]>(
    'SELECT 1 FROM identities WHERE account_id = ? AND provider = ? AND issuer = ? AND subject = ?',
  );
  const failureOf = (
    accountId: string,
    by: ConfirmedBy,
    at: Date,
  ): 'factor-spent' | 'factor-due' | 'unproven' | null => {
    if (by.kind === 'factor' || by.kind === 'recovery-code')
      return factor.spend(accountId, by, at) ? null : 'factor-spent';
    if (factor.hasFactor(accountId)) return 'factor-due';
    const proven =
      by.kind === 'password'
        ? hasPassword.get(accountId, by.hash)
        : isConnected.get(accountId, by.provider, by.issuer, by.subject);
    return proven === undefined ? 'unproven' : null;
  };
  return {
    touchSession: (id, at) => db.writeUnsynced(() => void touch.run(at.getTime(), id)),
    confirmSession: ({ accountId, id, from, to, by, at, event }) =>
      db.write(() => {
        if (current.get(id, from) === undefined) return 'gone';
        const failure = failureOf(accountId, by, at);
        if (failure !== null) return failure;
        confirm.run(to, at.getTime(), id);
        record(event);
        return 'confirmed';
      }),
  };
}

function ending(
  db: Connection,
  { record, notify }: EventSteps,
): Pick<SessionStore, 'endSession' | 'endOtherSessions' | 'endAllSessions'> {
  const end = db.statement('DELETE FROM sessions WHERE account_id = ? AND id = ?');
  const endAll = db.statement('DELETE FROM sessions WHERE account_id = ?');
  const endOthers = db.statement('DELETE FROM sessions WHERE account_id = ? AND id <> ?');
  return {
    endSession: ({ accountId, id, event }) =>
      db.write(() => {
        if (end.run(accountId, id) === 0) return false;
        record(event);
        return true;
      }),
    endOtherSessions: ({ accountId, keepId, event }) =>
      db.write(() => {
        const ended = endOthers.run(accountId, keepId);
        if (ended > 0) record(event);
        return ended;
      }),
    endAllSessions: ({ accountId, notice }) =>
      db.write(() => {
        const ended = endAll.run(accountId);
        if (ended === 0) return 0;
        record(notice.event);
        notify(notice);
        return ended;
      }),
  };
}
