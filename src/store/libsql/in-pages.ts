import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Connection, Statement, Value } from './transaction.ts';

/** Rows per page: a few milliseconds for a table that is not in memory. */
export const pageSize = 500;

/**
 * Reads a whole table page by page. Reads are synchronous, so other requests run between pages; reading a million rows
 * at once would block them for seconds. `page` takes the key of the last row read, and then `given`. The first column
 * of a row is its key; `null` or an empty page ends the reading.
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
