import type { MailOutcome, MailStore } from '../port/mail.ts';
import { eventSteps } from './events.ts';
import { columnsOf, insertInto, noDomain } from './rows/columns.ts';
import { fromMail, type MailRow, toMail } from './rows/mail.ts';
import type { Connection, Value } from './transaction.ts';

/** The mail queue. */
export function mail(db: Connection): MailStore {
  return { ...claiming(db), ...settling(db), ...looking(db), ...holding(db) };
}

function claiming(db: Connection): Pick<MailStore, 'insertMail' | 'claimMail'> {
  const insert = db.statement(insertInto('mails'));
  // Without the named index, the planner, which does not know how many mails are in a state, would scan them all.
  const dropLate = db.statement(
    "UPDATE mails INDEXED BY mails_late SET state = 'dropped', content = NULL, last_error = coalesce(last_error, 'expired') WHERE state = 'queued' AND expires_at <= ?",
  );
  const claim = db.statement<MailRow>(`
    UPDATE mails SET due_at = ?2, tries = tries + 1 WHERE id = (
      SELECT id FROM mails INDEXED BY mails_due WHERE state = 'queued' AND due_at <= ?1 AND expires_at > ?1
        AND NOT EXISTS (SELECT 1 FROM holds WHERE holds.domain = mails.domain AND holds.until > ?1)
      ORDER BY due_at, created_at, id LIMIT 1)
    RETURNING ${columnsOf('mails')}`);
  return {
    insertMail: (mail) => db.write(() => void insert.run(...fromMail(mail))),
    // A power failure may lose this and `settleMail`. The mail is then sent again with the same ID.
    claimMail: (now, leaseUntil) =>
      db.writeUnsynced(() => {
        const row = claim.get(now.getTime(), leaseUntil.getTime());
        if (row !== undefined) return toMail(row);
        dropLate.run(now.getTime());
        return null;
      }),
  };
}

function settling(db: Connection): Pick<MailStore, 'settleMail'> {
  const settle = db.statement(`
    UPDATE mails SET
      state = ?1, content = iif(?1 IN ('sent', 'dropped'), NULL, content),
      due_at = coalesce(?2, due_at), last_error = coalesce(?3, last_error)
    WHERE id = ?4 AND due_at = ?5 AND state = 'queued'`);
  const settlement = (outcome: MailOutcome): [state: Value, dueAt: Value, reason: Value] => {
    if (outcome.kind === 'retry') return ['queued', outcome.dueAt.getTime(), outcome.reason];
    return [outcome.kind, null, outcome.kind === 'dropped' ? outcome.reason : null];
  };
  return {
    settleMail: ({ id, dueAt }, outcome) =>
      db.writeUnsynced(() => void settle.run(...settlement(outcome), id, dueAt.getTime())),
  };
}

function looking(
  db: Connection,
): Pick<MailStore, 'keptMail' | 'findMail' | 'listMail' | 'hastenMail'> {
  const { record } = eventSteps(db);
  const find = db.statement<MailRow>(`SELECT ${columnsOf('mails')} FROM mails WHERE id = ?`);
  const page = (condition: string) =>
    db.statement<MailRow>(`
      SELECT ${columnsOf('mails')} FROM mails WHERE state = ?1 AND domain <> ?2 ${condition} ORDER BY created_at DESC, id DESC LIMIT ?3`);
  const [first, next] = [
    page(''),
    page('AND (created_at, id) < (SELECT created_at, id FROM mails WHERE id = ?4)'),
  ];
  const hasten = db.statement(
    "UPDATE mails SET due_at = ? WHERE id = ? AND state = 'queued' AND due_at > ?",
  );
  const kept = (index: string, condition: string) =>
    db.statement<MailRow>(`
      SELECT ${columnsOf('mails')} FROM mails INDEXED BY ${index} WHERE state = 'kept' ${condition} ORDER BY created_at DESC, id DESC LIMIT 200`);
  const [keptOfAll, keptOf] = [
    kept('mails_state', ''),
    kept('mails_recipient', 'AND recipient = ?'),
  ];
  return {
    findMail: (id) =>
      db.read(() => {
        const row = find.get(id);
        return row === undefined ? null : toMail(row);
      }),
    listMail: ({ state, except, before, limit }) =>
      db.read(() =>
        (before === null
          ? first.all(state, except ?? noDomain, limit)
          : next.all(state, except ?? noDomain, limit, before)
        ).map(toMail),
      ),
    hastenMail: ({ id, now, than, event }) =>
      db.write(() => {
        if (hasten.run(now.getTime(), id, than.getTime()) === 0) return false;
        record(event);
        return true;
      }),
    keptMail: (to) => db.read(() => (to === null ? keptOfAll.all() : keptOf.all(to)).map(toMail)),
  };
}

function holding(db: Connection): Pick<MailStore, 'holdMail' | 'heldDomains' | 'takeHeldMail'> {
  const domains = db.statement<[string]>('SELECT domain FROM holds ORDER BY domain');
  const hold = db.statement('INSERT OR REPLACE INTO holds (domain, until) VALUES (?, ?)');
  const held = db.statement<MailRow>(`
    SELECT ${columnsOf('mails')} FROM mails INDEXED BY mails_domain JOIN holds ON holds.domain = mails.domain
    WHERE mails.domain = ? AND state = 'queued' ORDER BY created_at, id`);
  const remove = db.statement('DELETE FROM mails WHERE id = ?');
  return {
    holdMail: (domain, until) => db.write(() => void hold.run(domain, until.getTime())),
    heldDomains: () => db.read(() => domains.all().map(([domain]) => domain)),
    takeHeldMail: (domain) =>
      db.write(() => {
        const mails = held.all(domain).map(toMail);
        for (const { id } of mails) remove.run(id);
        return mails;
      }),
  };
}
