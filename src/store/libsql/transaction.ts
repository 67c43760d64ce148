import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from 'libsql';
import { currentAuthority, requireAuthority } from '../authority.ts';
import { StoreUnavailable } from '../port/errors.ts';
import { principalStates } from './principal-state.ts';

/** What may be bound. libSQL ends the whole process over a boolean, so there is none here. */
export type Value = string | number | null;

/** A statement that is prepared at its first use and then kept. Rows are arrays: half the cost of objects, and no `_metadata` in them. */
export interface Statement<Row> {
  get(...values: Value[]): Row | undefined;
  all(...values: Value[]): Row[];
  /** How many rows it changed. */
  run(...values: Value[]): number;
}

export interface Connection {
  statement<Row>(sql: string): Statement<Row>;
  /** For the schema alone. */
  execute(sql: string): void;
  /** Runs `body`, which only reads. */
  read<Answer>(body: () => Answer): Promise<Answer>;
  /**
   * Runs `body` in one transaction, alone on the whole database. It is synchronous, so nothing else of this process comes between.
   * On behalf of a principal their authority is checked first. @throws AuthorityLost
   */
  write<Answer>(body: () => Answer, timeoutMs?: number): Promise<Answer>;
  /**
   * As `write`, without waiting for the disk and on nobody's behalf: for the system's own counts, which may be lost with the
   * machine's power, though never with the process. The next `write` makes it last, too.
   */
  writeUnsynced<Answer>(body: () => Answer): Promise<Answer>;
  /** `then` runs at every write of this connection, before anything else does. */
  onWrite(then: () => void): void;
  close(): void;
}

/** Milliseconds to wait for other processes. */
const usualTimeoutMs = 4_000;

type Failure = 'wait' | 'unavailable';
/** Primary result codes of SQLite that pass; every other one is a bug. */
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

/** Repeats `attempt` without blocking the event loop until no other process is in the way. @throws StoreUnavailable */
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

/** One connection with its statements and transactions. */
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
      // The caller names the shape of the row beside the columns that it selects.
      get: (...values) => ready().get(values) as Row | undefined,
      all: (...values) => ready().all(values) as Row[],
      run: (...values) => ready().run(values).changes,
    };
  };
  let synced = true;
  // https://sqlite.org/pragma.html#pragma_synchronous: with NORMAL a commit is in the journal, and only its way to the disk is left to the system.
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
      // A full disk has rolled back already.
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
  // Statements of a closed connection go on working in libSQL.
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
