import { day } from '../../clock.ts';
import type { Sealed } from '../../records.ts';
import type { DeploymentStore } from '../port/deployment.ts';
import type { Connection } from './transaction.ts';

/** Rows deleted per transaction, so that purging does not block the event loop or other writers. */
const batch = 500;

/** When rows expire, by table. */
const over: readonly { table: string; key: string; since: string }[] = [
  { table: 'sign_ups', key: 'id', since: 'expires_at' },
  { table: 'claims', key: 'token_hash', since: 'expires_at' },
  { table: 'undos', key: 'token_hash', since: 'expires_at' },
  { table: 'devices', key: '(account_id, device)', since: 'expires_at' },
  { table: 'flows', key: 'state_hash', since: 'expires_at' },
  { table: 'challenges', key: 'id', since: 'expires_at' },
  { table: 'challenges', key: 'id', since: 'ended_at' },
  { table: 'sessions', key: 'token_hash', since: 'expires_at' },
  { table: 'sessions', key: 'token_hash', since: 'last_used_at + idle' },
  { table: 'pending_sign_ins', key: 'id', since: 'expires_at' },
  { table: 'ceremonies', key: 'challenge_hash', since: 'expires_at' },
  { table: 'factor_recoveries', key: 'account_id', since: 'closes_at' },
  { table: 'limits', key: 'key', since: 'fresh_at' },
  { table: 'mails', key: 'id', since: 'expires_at' },
  { table: 'holds', key: 'domain', since: 'until' },
  { table: 'leases', key: 'name', since: 'until' },
];

/** Secrets, leases and purging. */
export function deployment(db: Connection): DeploymentStore {
  const secret = db.statement<[Sealed]>('SELECT sealed FROM secrets WHERE name = ?');
  const keep = db.statement(
    'INSERT INTO secrets (name, sealed) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const take = db.statement(`
    INSERT INTO leases (name, holder, until) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE leases.holder = excluded.holder OR leases.until <= ?`);
  const holder = db.statement<[string]>('SELECT holder FROM leases WHERE name = ? AND until > ?');
  const drop = db.statement('DELETE FROM leases WHERE name = ? AND holder = ?');
  const purges = over.map(({ table, key, since }) =>
    db.statement(
      `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key.replace(/[()]/g, '')} FROM ${table} WHERE ${since} <= ? LIMIT ${batch})`,
    ),
  );
  return {
    findSecret: (name) => db.read(() => secret.get(name)?.[0] ?? null),
    keepSecret: (name, sealed) =>
      db.write(() => {
        keep.run(name, sealed);
        return secret.get(name)?.[0] ?? sealed;
      }),
    takeLease: (name, taker, until, now) =>
      db.write(() => take.run(name, taker, until.getTime(), now.getTime()) === 1),
    dropLease: (name, taker) => db.write(() => void drop.run(name, taker)),
    leaseHolder: (name, now) => db.read(() => holder.get(name, now.getTime())?.[0] ?? null),
    async purge(now) {
      const before = now.getTime() - day;
      for (const purge of purges) while ((await db.write(() => purge.run(before))) === batch);
    },
  };
}
