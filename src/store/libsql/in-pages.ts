import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Connection, Statement, Value } from './transaction.ts';

/** Rows that a page looks at: a few milliseconds of a table that has left the memory. */
export const pageSize = 500;

/**
 * A whole table, page by page. Reading is synchronous, so between two pages whoever else is waiting has a turn: a table of a
 * million rows would hold up every request for seconds. `page` takes the key after which it goes on and then `given`; the
 * first column of its last row is that key, `null` or no row the end.
 */
export async function* inPages<Row extends readonly [after: string | null, ...unknown[]]>(
  db: Connection,
  page: Statement<Row>,
  ...given: Value[]
): AsyncGenerator<Row> {
  let after: string | null = '';
  while (after !== null) {
    const from: string = after;
    const rows = await db.read(() => page.all(from, ...given));
    yield* rows;
    after = rows.at(-1)?.[0] ?? null;
    await othersTurn();
  }
}
