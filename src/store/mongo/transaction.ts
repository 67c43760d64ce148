import { setTimeout as wait } from 'node:timers/promises';
import type { ClientSession } from 'mongoose';
import { currentAuthority, requireAuthority } from '../authority.ts';
import { StoreUnavailable } from '../port/errors.ts';
import type { Models } from './models.ts';
import { principalState } from './principal-state.ts';

type Needed = Pick<Models, 'connection' | 'exclusively' | 'sessions' | 'accounts' | 'factors'>;

/**
 * Number of attempts. Growing, random pauses separate conflicting transactions; the time limit ends the attempts in any
 * case.
 */
const tries = 8;
/**
 * Milliseconds. A transaction that has not reached its commit by then aborts, because its caller is about to get a
 * timeout.
 */
const longest = 3_500;

/** Long enough for a conflicting transaction to commit. */
function pause(attempt: number): Promise<void> {
  const longestPause = Math.min(400, 40 * 2 ** (attempt - 2));
  return wait(longestPause / 4 + Math.random() * longestPause);
}

/**
 * Runs `work` atomically. A write conflict repeats it a limited number of times. `key` names its subject: this process
 * runs one transaction per key at a time. On behalf of a principal, the authority is checked first in the same
 * transaction. @throws AuthorityLost
 */
export function transaction<Answer>(
  models: Needed,
  key: string,
  work: (session: ClientSession) => Promise<Answer>,
): Promise<Answer> {
  const authority = currentAuthority();
  if (authority === null) return attempts(models, key, work);
  // Always before the exclusively of the subject, so that no deadlock can occur.
  return models.exclusively(`principal:${authority.accountId}`, () =>
    attempts(models, key, async (session) => {
      requireAuthority(authority, await principalState(models, authority, session));
      return work(session);
    }),
  );
}

/** Runs a single atomic operation. On behalf of a principal it becomes a transaction. @throws AuthorityLost */
export function write<Answer>(
  models: Needed,
  key: string,
  work: (session: ClientSession | null) => Promise<Answer>,
): Promise<Answer> {
  return currentAuthority() === null ? work(null) : transaction(models, key, work);
}

function attempts<Answer>(
  { connection, exclusively }: Needed,
  key: string,
  work: (session: ClientSession) => Promise<Answer>,
): Promise<Answer> {
  const startedAt = performance.now();
  const onTime = (): void => {
    if (performance.now() - startedAt > longest)
      throw new StoreUnavailable('The database took too long for a transaction.');
  };
  return exclusively(key, async () => {
    onTime();
    const session = await connection.startSession();
    let attempt = 0;
    try {
      return await session.withTransaction(async () => {
        attempt += 1;
        if (attempt > tries)
          throw new StoreUnavailable(`The database met ${tries} consecutive write conflicts.`);
        if (attempt > 1) await pause(attempt);
        const answer = await work(session);
        onTime();
        return answer;
      });
    } finally {
      await session.endSession();
    }
  });
}
