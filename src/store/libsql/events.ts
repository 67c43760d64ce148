import type { SecurityEvent } from '../../records.ts';
import type { Notice, EventStore } from '../port/events.ts';
import { columnsOf, insertInto } from './rows/columns.ts';
import { type EventRow, fromEvent, toEvent } from './rows/events.ts';
import { fromMail } from './rows/mail.ts';
import type { Connection, Value } from './transaction.ts';

/** Recording events and notices. Must be called inside the transaction of the change. */
export interface EventSteps {
  record(event: SecurityEvent): void;
  /** Queues the mail to the account’s current address, and stores the undo that it contains, unless the limit is used up. */
  notify(notice: Notice): void;
}

export function eventSteps(db: Connection): EventSteps {
  const insert = db.statement(insertInto('events'));
  const insertMail = db.statement(insertInto('mails'));
  const addressOf = db.statement<[email: string]>(
    'SELECT coalesce(restoring, email) FROM accounts WHERE id = ?',
  );
  const insertUndo = db.statement(`
    INSERT INTO undos (token_hash, account_id, seq, since, email, expires_at, action)
    SELECT ?1, ?2, coalesce(max(seq), 0) + 1, ?3, ?4, ?5, ?6 FROM undos WHERE account_id = ?2`);
  const sent = db.statement<[number]>(`
    SELECT count(*) FROM undos WHERE account_id = ?1 AND action = ?2 AND email = ?3 AND since >= ?4 AND expires_at > ?5`);
  return {
    record: (event) => void insert.run(...fromEvent(event)),
    notify({ event, mail, undo, limit }) {
      const to = addressOf.get(undo.accountId)?.[0] ?? mail.to;
      const [before = 0] =
        sent.get(undo.accountId, event.action, to, limit.since.getTime(), event.at.getTime()) ?? [];
      if (before >= limit.most) return;
      const isLast = before === limit.most - 1;
      insertMail.run(...fromMail({ ...(isLast ? limit.lastMail : mail), to }));
      insertUndo.run(
        undo.tokenHash,
        undo.accountId,
        undo.since.getTime(),
        to,
        undo.expiresAt.getTime(),
        event.action,
      );
    },
  };
}

/** The audit log. */
export function events(db: Connection): EventStore {
  const steps = eventSteps(db);
  /** `own` is the number of parameters of `condition`. */
  const newest = (condition: string, own: number) => {
    const page = (more: string) =>
      db.statement<EventRow>(
        `SELECT ${columnsOf('events')} FROM events WHERE ${condition} ${more} ORDER BY at DESC, id DESC LIMIT ?${own + 1}`,
      );
    const first = page('');
    // An event outside this list has no position in its order, so nothing precedes it.
    const next = page(
      `AND (at, id) < (SELECT at, id FROM events WHERE ${condition} AND id = ?${own + 2})`,
    );
    return (which: Value[], { before, limit }: { before: string | null; limit: number }) =>
      db.read(() =>
        (before === null ? first.all(...which, limit) : next.all(...which, limit, before)).map(
          toEvent,
        ),
      );
  };
  const ofAccount = newest(
    'account_id = ?1 AND at >= ?2 AND (?3 IS NULL OR action IN (SELECT value FROM json_each(?3)))',
    3,
  );
  const ofActions = newest('action IN (SELECT value FROM json_each(?1))', 1);
  return {
    listEvents: ({ accountId, actions, since, ...place }) =>
      ofAccount(
        [accountId, since?.getTime() ?? 0, actions ? JSON.stringify(actions) : null],
        place,
      ),
    listActions: ({ actions, ...place }) => ofActions([JSON.stringify(actions)], place),
    recordEvent: (event) => db.write(() => steps.record(event)),
  };
}
