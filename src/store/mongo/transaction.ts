import { setTimeout as wait } from 'node:timers/promises';
import type { ClientSession } from 'mongoose';
import { currentAuthority, requireAuthority } from '../authority.ts';
import { StoreUnavailable } from '../port/errors.ts';
import type { Models } from './models.ts';
import { principalState } from './principal-state.ts';

type Needed = Pick<Models, 'connection' | 'inTurn' | 'sessions' | 'accounts' | 'factors'>;

/** Rivals that meet again and again part by their growing, random pauses; time ends it in any case. */
const tries = 8;
/** A transaction that has not come to its commit by then gives up: its caller is about to hear that it failed. */
const longest = 3_500;

/** Long enough that a rival has committed. */
function pause(attempt: number): Promise<void> {
  const longestPause = Math.min(400, 40 * 2 ** (attempt - 2));
  return wait(longestPause / 4 + Math.random() * longestPause);
}

/**
 * All of `work` or nothing of it. A write conflict starts it again, a few times at most.
 * `key` names what it is about: this process does one at a time of each. On behalf of a principal their authority is checked
 * first, in the same transaction. @throws AuthorityLost
 */
export function transaction<Answer>(
  models: Needed,
  key: string,
  work: (session: ClientSession) => Promise<Answer>,
): Promise<Answer> {
  const authority = currentAuthority();
  if (authority === null) return attempts(models, key, work);
  // Always before the turn of what it is about, so that no two wait for each other.
  return models.inTurn(`principal:${authority.accountId}`, () =>
    attempts(models, key, async (session) => {
      requireAuthority(authority, await principalState(models, authority, session));
      return work(session);
    }),
  );
}

/** What is one operation, atomic by itself. On behalf of a principal it is a transaction, like everything else. @throws AuthorityLost */
export function write<Answer>(
  models: Needed,
  key: string,
  work: (session: ClientSession | null) => Promise<Answer>,
): Promise<Answer> {
  return currentAuthority() === null ? work(null) : transaction(models, key, work);
}

function attempts<Answer>(
  { connection, inTurn }: Needed,
  key: string,
  work: (session: ClientSession) => Promise<Answer>,
): Promise<Answer> {
  const startedAt = performance.now();
  const onTime = (): void => {
    if (performance.now() - startedAt > longest)
      throw new StoreUnavailable('The database took too long for a transaction.');
  };
  return inTurn(key, async () => {
    onTime();
    const session = await connection.startSession();
    let attempt = 0;
    try {
      return await session.withTransaction(async () => {
        attempt += 1;
        if (attempt > tries)
          throw new StoreUnavailable(`The database met ${tries} write conflicts in a row.`);
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
