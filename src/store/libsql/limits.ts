import type { Sealed } from '../../records.ts';
import type { LimitRule, LimitUse, LimitStore } from '../port/limits.ts';
import { eventSteps } from './events.ts';
import type { Connection } from './transaction.ts';

interface Usage {
  used: number;
  shutUntil: number | null;
  /** From this time on the key is fresh, as if it had never been counted. */
  freshAt: number;
}
type UsageRow = [used: number, shutUntil: number | null, freshAt: number];

/** The result of an attempt and the state to store: none if the attempt is refused. */
function take(rule: LimitRule, before: Usage, now: number): { taken: LimitUse; after?: Usage } {
  const { limit, window, waits } = rule;
  if (before.shutUntil !== null && now < before.shutUntil)
    return { taken: { allowed: false, retryAt: new Date(before.shutUntil) } };
  const used = before.used + 1;
  if (waits === undefined) {
    return permit({
      used,
      shutUntil: used < limit ? null : before.freshAt,
      freshAt: before.freshAt,
    });
  }
  const wait = used < limit ? 0 : (waits[Math.min(used - limit, waits.length - 1)] ?? 0);
  const shutUntil = wait === 0 ? null : now + wait;
  return permit({ used, shutUntil, freshAt: now + wait + window });
}

function permit(after: Usage): { taken: LimitUse; after: Usage } {
  return { taken: { allowed: true, exhausts: after.shutUntil !== null }, after };
}

/** Rate limits. A count survives any end of the process, but may be lost in a power failure. */
export function limits(db: Connection): LimitStore {
  const { record } = eventSteps(db);
  const find = db.statement<UsageRow>(
    'SELECT used, shut_until, fresh_at FROM limits WHERE key = ? AND fresh_at > ?',
  );
  const keep = db.statement(
    'INSERT OR REPLACE INTO limits (key, used, shut_until, fresh_at, rule, scope, subject) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const giveBack = db.statement(
    'UPDATE limits SET used = used - 1, shut_until = NULL WHERE key = ?',
  );
  const forgetUnused = db.statement('DELETE FROM limits WHERE key = ? AND used <= 0');
  const clear = db.statement('DELETE FROM limits WHERE key = ?');
  const exhausted = db.statement<
    [key: string, rule: string, scope: string, subject: Sealed, until: number]
  >(
    'SELECT key, rule, scope, subject, shut_until FROM limits WHERE shut_until > ? ORDER BY shut_until DESC, key LIMIT 500',
  );
  return {
    consumeLimit: (key, limit, now, { rule, scope, subject }) =>
      db.writeUnsynced(() => {
        const at = now.getTime();
        const [used, shutUntil, freshAt] = find.get(key, at) ?? [0, null, at + limit.window];
        const { taken, after } = take(limit, { used, shutUntil, freshAt }, at);
        if (after !== undefined)
          keep.run(key, after.used, after.shutUntil, after.freshAt, rule, scope, subject);
        return taken;
      }),
    refundLimit: (key) =>
      db.writeUnsynced(() => {
        giveBack.run(key);
        forgetUnused.run(key);
      }),
    resetLimit: (key) => db.writeUnsynced(() => void clear.run(key)),
    exhaustedLimits: (now) =>
      db.read(() =>
        exhausted.all(now.getTime()).map(([key, rule, scope, subject, until]) => ({
          key,
          rule,
          scope,
          subject,
          until: new Date(until),
        })),
      ),
    clearLimit: ({ key, event }) =>
      db.write(() => {
        if (clear.run(key) === 0) return false;
        record(event);
        return true;
      }),
  };
}
