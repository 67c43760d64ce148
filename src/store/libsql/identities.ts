import { minute } from '../../clock.ts';
import type { Issuer } from '../../records.ts';
import type { IdentityStore } from '../port/identities.ts';
import { openingSteps } from './accounts.ts';
import { type EventSteps, eventSteps } from './events.ts';
import { type AccountRow, toAccount } from './rows/accounts.ts';
import { columnsOf, insertInto } from './rows/columns.ts';
import { fromIdentity, type IdentityRow, noIssuer, toIdentity } from './rows/identities.ts';
import type { Connection } from './transaction.ts';

/** Identities at providers and their accounts. */
export function identities(db: Connection): IdentityStore {
  const steps = eventSteps(db);
  return { ...binding(db), ...reading(db), ...connecting(db, steps), ...disconnecting(db, steps) };
}

/** Milliseconds. Another process may be binding many identities at this moment, so this waits longer than a request may. */
const timeoutMs = minute;

function binding(db: Connection): Pick<IdentityStore, 'bindIdentities'> {
  const unbound = db.statement<[number]>(
    'SELECT 1 FROM identities WHERE provider = ? AND issuer = ? LIMIT 1',
  );
  // Fails for an identity that is connected under this issuer already; see the port.
  const bind = db.statement(
    'UPDATE OR IGNORE identities SET issuer = ?1 WHERE provider = ?2 AND issuer = ?3',
  );
  const drop = db.statement('DELETE FROM identities WHERE provider = ? AND issuer = ?');
  return {
    async bindIdentities(issuers) {
      const lacking = await db.read(() =>
        issuers.filter(({ provider }) => unbound.get(provider, noIssuer) !== undefined),
      );
      if (lacking.length > 0)
        await db.write(() => {
          for (const { provider, issuer } of lacking) {
            bind.run(issuer, provider, noIssuer);
            drop.run(provider, noIssuer);
          }
        }, timeoutMs);
    },
  };
}

function reading(db: Connection): Pick<IdentityStore, 'findAccountByIdentity' | 'listIdentities'> {
  const owner = db.statement<AccountRow>(`
    SELECT ${columnsOf('accounts')} FROM identities JOIN accounts ON accounts.id = identities.account_id
    WHERE identities.provider = ? AND identities.issuer = ? AND identities.subject = ?`);
  const list = db.statement<IdentityRow>(
    `SELECT ${columnsOf('identities')} FROM identities WHERE account_id = ? ORDER BY connected_at, provider`,
  );
  return {
    findAccountByIdentity: ({ provider, issuer, subject }) =>
      db.read(() => {
        const row = owner.get(provider, issuer, subject);
        return row === undefined ? null : toAccount(row);
      }),
    listIdentities: (accountId) => db.read(() => list.all(accountId).map(toIdentity)),
  };
}

function connecting(
  db: Connection,
  { record, notify }: EventSteps,
): Pick<IdentityStore, 'openAccount' | 'connectIdentity'> {
  const { isTaken, settle } = openingSteps(db);
  const insert = db.statement(insertInto('identities'));
  // Two index lookups: with `OR`, SQLite would scan all identities of a provider.
  const connected = db.statement<[number]>(`
    SELECT 1 FROM identities WHERE provider = ?1 AND issuer = ?2 AND subject = ?3
    UNION ALL SELECT 1 FROM identities WHERE provider = ?1 AND account_id = ?4`);
  const present = db.statement<[number]>('SELECT 1 FROM sessions WHERE id = ? AND account_id = ?');
  return {
    openAccount: ({ account, identity, event, now }) =>
      db.write(() => {
        const { provider, issuer, subject, accountId } = identity;
        if (
          isTaken(account.email) ||
          connected.get(provider, issuer, subject, accountId) !== undefined
        )
          return { kind: 'taken' };
        settle(account, event, now);
        insert.run(...fromIdentity(identity));
        return { kind: 'opened' };
      }),
    connectIdentity: ({ identity, sessionId, notice }) =>
      db.write(() => {
        const { provider, issuer, subject, accountId } = identity;
        if (present.get(sessionId, accountId) === undefined) return { kind: 'over' };
        if (connected.get(provider, issuer, subject, accountId) !== undefined)
          return { kind: 'taken' };
        insert.run(...fromIdentity(identity));
        record(notice.event);
        notify(notice);
        return { kind: 'connected' };
      }),
  };
}

function disconnecting(
  db: Connection,
  { record, notify }: EventSteps,
): Pick<IdentityStore, 'disconnectIdentity'> {
  const found = db.statement<[number]>(
    'SELECT 1 FROM identities WHERE account_id = ? AND provider = ?',
  );
  const hasPassword = db.statement<[number]>(
    'SELECT 1 FROM accounts WHERE id = ? AND password_hash IS NOT NULL',
  );
  const connected = db.statement<[number]>(
    'SELECT 1 FROM identities WHERE account_id = ? AND provider = ? AND issuer = ?',
  );
  const hasOtherWay = (accountId: string, others: readonly Issuer[]) =>
    hasPassword.get(accountId) !== undefined ||
    others.some(({ provider, issuer }) => connected.get(accountId, provider, issuer) !== undefined);
  const disconnect = db.statement('DELETE FROM identities WHERE account_id = ? AND provider = ?');
  const endOthers = db.statement('DELETE FROM sessions WHERE account_id = ? AND id <> ?');
  return {
    disconnectIdentity: ({ accountId, provider, issuers, keepSessionId, notice }) =>
      db.write(() => {
        if (found.get(accountId, provider) === undefined) return { kind: 'none' };
        const others = issuers.filter((one) => one.provider !== provider);
        if (!hasOtherWay(accountId, others)) return { kind: 'last' };
        disconnect.run(accountId, provider);
        endOthers.run(accountId, keepSessionId);
        record(notice.event);
        notify(notice);
        return { kind: 'disconnected' };
      }),
  };
}
