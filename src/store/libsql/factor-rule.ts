import type { FactorRuleStore } from '../port/factor-rule.ts';
import { eventSteps } from './events.ts';
import { inPages, pageSize } from './in-pages.ts';
import { noDomain } from './rows/columns.ts';
import { date } from './rows/values.ts';
import type { Connection } from './transaction.ts';

const hasFactor =
  'EXISTS (SELECT 1 FROM factors WHERE factors.account_id = accounts.id AND confirmed_at IS NOT NULL)';

/** A column: from when on enrolment is required for the account of the row. */
export const enrolmentRequiredFrom = `(SELECT starts_at FROM rules WHERE rules.name = 'second-factor' AND NOT ${hasFactor})`;

/** The rule that every account needs a second factor, and how many accounts comply. */
export function factorRule(db: Connection): FactorRuleStore {
  const { record } = eventSteps(db);
  const find = db.statement<[from: number]>(
    "SELECT starts_at FROM rules WHERE name = 'second-factor'",
  );
  const maySet = db.statement<[number]>(
    `SELECT 1 FROM accounts WHERE id = ? AND operator = 1 AND ${hasFactor}`,
  );
  const remove = db.statement("DELETE FROM rules WHERE name = 'second-factor'");
  const insert = db.statement("INSERT INTO rules (name, starts_at) VALUES ('second-factor', ?)");
  const count = db.statement<[last: string | null, number, number, number, number]>(`
    SELECT max(id), ifnull(sum(counts), 0), ifnull(sum(counts AND has), 0), ifnull(sum(counts AND operator), 0), ifnull(sum(counts AND operator AND has), 0)
    FROM (SELECT id, operator, ${hasFactor} AS has, (domain <> ?2 OR operator) AS counts FROM accounts WHERE id > ?1 ORDER BY id LIMIT ${pageSize})`);
  return {
    findFactorRule: () =>
      db.read(() => {
        const row = find.get();
        return row === undefined ? null : { from: date(row[0]) };
      }),
    setFactorRule: ({ rule, event }) =>
      db.write(() => {
        if (maySet.get(event.actorId) === undefined) return false;
        if ((find.get() === undefined) === (rule === null)) return true;
        remove.run();
        if (rule !== null) insert.run(rule.from.getTime());
        record(event);
        return true;
      }),
    async countFactors(except) {
      const sum = { accounts: 0, enrolled: 0, operators: 0, enrolledOperators: 0 };
      for await (const [, accounts, enrolled, operators, enrolledOperators] of inPages(
        db,
        count,
        except ?? noDomain,
      )) {
        sum.accounts += accounts;
        sum.enrolled += enrolled;
        sum.operators += operators;
        sum.enrolledOperators += enrolledOperators;
      }
      return sum;
    },
  };
}
