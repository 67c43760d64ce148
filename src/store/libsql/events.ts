import type { Notice, SecurityEvent, Store } from '../port.ts';
import { columnsOf, type EventRow, fromEvent, fromMail, fromUndo, insertInto, toEvent } from './rows.ts';
import type { Connection, Value } from './transaction.ts';

/** What goes with every change that is recorded. To be called inside the transaction of that change. */
export interface EventSteps {
  record(event: SecurityEvent): void;
  /** Queues the mail, and keeps the undo that it carries. */
  notify(notice: Omit<Notice, 'event'>): void;
}

export function eventSteps(db: Connection): EventSteps {
  const insert = db.statement(insertInto('events'));
  const insertMail = db.statement(insertInto('mails'));
  const insertUndo = db.statement(insertInto('undos'));
  return {
    record: (event) => void insert.run(...fromEvent(event)),
    notify({ mail, undo }) {
      insertMail.run(...fromMail(mail));
      insertUndo.run(...fromUndo(undo));
    },
  };
}

/** The record of security events. */
export function events(db: Connection): Pick<Store, 'listEvents' | 'listActions' | 'recordEvent'> {
  const steps = eventSteps(db);
  /** `condition` has that many parameters of its own. */
  const newest = (condition: string, own: number) => {
    const page = (more: string) =>
      db.statement<EventRow>(`SELECT ${columnsOf('events')} FROM events WHERE ${condition} ${more} ORDER BY at DESC, id DESC LIMIT ?${own + 1}`);
    const first = page('');
    // An event that is none of these is no place in this order: nothing comes before it.
    const next = page(`AND (at, id) < (SELECT at, id FROM events WHERE ${condition} AND id = ?${own + 2})`);
    return (which: Value[], { before, limit }: { before: string | null; limit: number }) =>
      db.read(() => (before === null ? first.all(...which, limit) : next.all(...which, limit, before)).map(toEvent));
  };
  const ofAccount = newest('account_id = ?1 AND at >= ?2 AND (?3 IS NULL OR action IN (SELECT value FROM json_each(?3)))', 3);
  const ofActions = newest('action IN (SELECT value FROM json_each(?1))', 1);
  return {
    listEvents: ({ accountId, actions, since, ...place }) => ofAccount([accountId, since?.getTime() ?? 0, actions ? JSON.stringify(actions) : null], place),
    listActions: ({ actions, ...place }) => ofActions([JSON.stringify(actions)], place),
    recordEvent: (event) => db.write(() => steps.record(event)),
  };
}
