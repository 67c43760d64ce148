import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from 'libsql';
import { currentAuthority, requireAuthority } from '../authority.ts';
import { StoreUnavailable } from '../port/errors.ts';
import { principalStates } from './principal-state.ts';

/** Values that can be bound. libSQL ends the process if a boolean is bound, so there is none. */
export type Value = string | number | null;

/**
 * A statement that is prepared on first use and then cached. Rows are arrays, which cost half as much as objects and
 * have no `_metadata`.
 */
export interface Statement<Row> {
  get(...values: Value[]): Row | undefined;
  all(...values: Value[]): Row[];
  /** Returns the number of rows changed. */
  run(...values: Value[]): number;
}

export interface Connection {
  statement<Row>(sql: string): Statement<Row>;
  /** Only for the schema. */
  execute(sql: string): void;
  /** Runs `body`, which must only read. */
  read<Answer>(body: () => Answer): Promise<Answer>;
  /**
   * Runs `body` in a transaction with exclusive write access to the database. `body` is synchronous, so nothing else of
   * this process runs in between. On behalf of a principal, the authority is checked first. @throws AuthorityLost
   */
  write<Answer>(body: () => Answer, timeoutMs?: number): Promise<Answer>;
  /**
   * As `write`, but without waiting for the disk and on behalf of no principal. For counts of the system, which a power
   * failure may lose, but not the end of the process. The next `write` also makes them durable.
   */
  writeUnsynced<Answer>(body: () => Answer): Promise<Answer>;
  /** Calls `then` first in every write of this connection. */
  onWrite(then: () => void): void;
  close(): void;
}

/** Milliseconds to wait for other processes. */
const usualTimeoutMs = 4_000;

type Failure = 'wait' | 'unavailable';
/** Primary result codes of SQLite for temporary failures. Every other code is a bug. */
const failures: Partial<Record<number, Failure>> = {
  5: 'wait', // BUSY
  6: 'wait', // LOCKED
  15: 'wait', // PROTOCOL: lost a race for the WAL index
  7: 'unavailable', // NOMEM
  8: 'unavailable', // READONLY
  10: 'unavailable', // IOERR
  13: 'unavailable', // FULL
  14: 'unavailable', // CANTOPEN
};

/** The primary result code of an error by libSQL, which reports extended codes. */
export function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('rawCode' in error) || typeof error.rawCode !== 'number')
    return undefined;
  return error.rawCode & 0xff;
}

/** Repeats `attempt` without blocking the event loop while another process holds a lock. @throws StoreUnavailable */
export async function persistently<Answer>(
  attempt: () => Answer,
  timeoutMs = usualTimeoutMs,
): Promise<Answer> {
  let giveUpAt: number | undefined;
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      const failure = failures[resultCode(error) ?? -1];
      if (failure === undefined) throw error;
      giveUpAt ??= performance.now() + timeoutMs;
      if (failure === 'unavailable' || performance.now() >= giveUpAt) {
        throw new StoreUnavailable('The database file cannot be used now.', { cause: error });
      }
    }
    await sleep(1 + Math.random() * 19);
  }
}

/** A connection with its statements and transactions. */
export function connect(db: Database): Connection {
  let open = true;
  const prepare = (sql: string) => {
    const prepared = db.prepare(sql);
    return prepared.reader ? prepared.raw() : prepared;
  };
  const statement = <Row>(sql: string): Statement<Row> => {
    let prepared: ReturnType<typeof prepare> | undefined;
    const ready = () => (prepared ??= prepare(sql));
    return {
      // The caller declares the row’s type next to the selected columns.
      get: (...values) => ready().get(values) as Row | undefined,
      all: (...values) => ready().all(values) as Row[],
      run: (...values) => ready().run(values).changes,
    };
  };
  let synced = true;
  // With NORMAL a commit is in the journal, but not necessarily on disk.
  // https://sqlite.org/pragma.html#pragma_synchronous
  const sync = (wanted: boolean) => {
    if (synced !== wanted) db.exec(`PRAGMA synchronous = ${wanted ? 'FULL' : 'NORMAL'}`);
    synced = wanted;
  };
  const [begin, commit, rollBack] = [
    statement('BEGIN IMMEDIATE'),
    statement('COMMIT'),
    statement('ROLLBACK'),
  ];
  const onWrite: (() => void)[] = [];
  const wrote = () => onWrite.forEach((then) => then());
  const transaction = <Answer>(body: () => Answer, durable: boolean): Answer => {
    sync(durable);
    begin.run();
    try {
      const answer = body();
      commit.run();
      return answer;
    } catch (error) {
      // After a full disk SQLite has already rolled back.
      if (db.inTransaction) rollBack.run();
      throw error;
    } finally {
      wrote();
    }
  };
  const principalState = principalStates({ statement });
  const authorized = <Answer>(body: () => Answer): (() => Answer) => {
    const authority = currentAuthority();
    if (authority === null) return body;
    return () => {
      requireAuthority(authority, principalState(authority));
      return body();
    };
  };
  // In libSQL, statements of a closed connection continue to work.
  const whileOpen = <Answer>(body: () => Answer): Answer => {
    if (!open) throw new StoreUnavailable('The database is closed.');
    return body();
  };
  return {
    statement,
    execute(sql) {
      db.exec(sql);
      wrote();
    },
    read: (body) => persistently(() => whileOpen(body)),
    write(body, timeoutMs) {
      const authorizedBody = authorized(body);
      return persistently(() => whileOpen(() => transaction(authorizedBody, true)), timeoutMs);
    },
    writeUnsynced: (body) => persistently(() => whileOpen(() => transaction(body, false))),
    onWrite: (then) => void onWrite.push(then),
    close() {
      if (!open) return;
      open = false;
      db.close();
    },
  };
}
