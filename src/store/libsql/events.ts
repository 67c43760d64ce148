import type { Notice, SecurityEvent, Store } from '../port.ts';
import { columnsOf, type EventRow, fromEvent, fromMail, fromUndo, insertInto, toEvent } from './rows.ts';
import type { Connection } from './transaction.ts';

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
export function events(db: Connection): Pick<Store, 'listEvents'> {
  const newest = (condition: string) =>
    db.statement<EventRow>(`SELECT ${columnsOf('events')} FROM events WHERE account_id = ?1 ${condition} ORDER BY at DESC, id DESC LIMIT ?2`);
  const first = newest('');
  // An event of another account is no place in this order: nothing comes before it.
  const next = newest('AND (at, id) < (SELECT at, id FROM events WHERE account_id = ?1 AND id = ?3)');
  return {
    listEvents: ({ accountId, before, limit }) =>
      db.read(() => (before === null ? first.all(accountId, limit) : next.all(accountId, limit, before)).map(toEvent)),
  };
}
