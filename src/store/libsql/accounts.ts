import type { Account, Hashed, SecurityEvent } from '../../records.ts';
import type { AccountStore } from '../port/accounts.ts';
import { type ChallengeSteps, challengeSteps } from './challenges.ts';
import { eventSteps } from './events.ts';
import {
  type AccountRow,
  fromAccount,
  fromSignUp,
  type SignUpRow,
  toAccount,
  toSignUp,
} from './rows/accounts.ts';
import { columnsOf, insertInto, noDomain } from './rows/columns.ts';
import { fromMail } from './rows/mail.ts';
import type { Connection } from './transaction.ts';

/** Accounts, sign-ups and the operator’s claim. */
export function accounts(db: Connection): AccountStore {
  const steps = challengeSteps(db);
  return { ...reading(db), ...listing(db), ...signUps(db, steps), ...redeeming(db, steps) };
}

function reading(
  db: Connection,
): Pick<
  AccountStore,
  'findAccount' | 'findAccountByEmail' | 'countAccounts' | 'hasOperator' | 'replacePasswordHash'
> {
  const byId = db.statement<AccountRow>(
    `SELECT ${columnsOf('accounts')} FROM accounts WHERE id = ?`,
  );
  const byEmail = db.statement<AccountRow>(
    `SELECT ${columnsOf('accounts')} FROM accounts WHERE email = ?`,
  );
  const count = db.statement<[number]>('SELECT count(*) FROM accounts');
  const operator = db.statement<[number]>('SELECT 1 FROM accounts WHERE operator = 1 LIMIT 1');
  const rehash = db.statement(
    'UPDATE accounts SET password_hash = ? WHERE id = ? AND password_hash = ?',
  );
  const accountOf = (row: AccountRow | undefined): Account | null =>
    row === undefined ? null : toAccount(row);
  return {
    findAccount: (id) => db.read(() => accountOf(byId.get(id))),
    findAccountByEmail: (email) => db.read(() => accountOf(byEmail.get(email))),
    countAccounts: () => db.read(() => count.get()?.[0] ?? 0),
    hasOperator: () => db.read(() => operator.get() !== undefined),
    replacePasswordHash: ({ accountId, from, to }) =>
      db.write(() => rehash.run(to, accountId, from) === 1),
  };
}

type ListedRow = [sessions: number, lastUsedAt: number | null, ...AccountRow];
/** A text that sorts after everything with this prefix. */
const endOf = (start: string): string => `${start}\u{10ffff}`;

function listing(db: Connection): Pick<AccountStore, 'listAccounts'> {
  const valid =
    'FROM sessions WHERE account_id = accounts.id AND sessions.expires_at > ?1 AND last_used_at + idle > ?1';
  // A separate statement for each condition, so that each uses an index.
  const page = (condition: string) =>
    db.statement<ListedRow>(`
      SELECT (SELECT count(*) ${valid}), (SELECT max(last_used_at) ${valid}), ${columnsOf('accounts')} FROM accounts
      WHERE (domain <> ?2 OR operator) AND email > ifnull((SELECT email FROM accounts WHERE id = ?3), iif(?3 IS NULL, '', ?4)) ${condition}
      ORDER BY email LIMIT ?5`);
  const all = page('');
  const found = page('AND (email >= ?6 AND email < ?7 OR name_key >= ?6 AND name_key < ?7)');
  return {
    listAccounts: ({ search, except, after, limit, now }) =>
      db.read(() => {
        const place = [now.getTime(), except ?? noDomain, after, endOf(''), limit] as const;
        const rows = search === '' ? all.all(...place) : found.all(...place, search, endOf(search));
        return rows.map(([sessions, lastUsedAt, ...row]) => ({
          account: toAccount(row),
          sessions,
          lastUsedAt: lastUsedAt === null ? null : new Date(lastUsedAt),
        }));
      }),
  };
}

function signUps(
  db: Connection,
  challenge: ChallengeSteps,
): Pick<AccountStore, 'openSignUp' | 'newestSignUp' | 'reopenSignUp'> {
  const insert = db.statement(insertInto('sign_ups'));
  const insertMail = db.statement(insertInto('mails'));
  const newest = db.statement<SignUpRow>(`
    SELECT ${columnsOf('sign_ups')} FROM sign_ups WHERE email = ? AND expires_at > ? ORDER BY created_at DESC, id DESC LIMIT 1`);
  const tooMany = db.statement<[string, string]>(`
    SELECT id, challenge_id FROM sign_ups WHERE email = ? AND id <> ? AND expires_at > ?
    ORDER BY created_at DESC, id DESC LIMIT -1 OFFSET ?`);
  const remove = db.statement('DELETE FROM sign_ups WHERE id = ?');
  const challengeOf = db.statement<[string]>(
    'SELECT challenge_id FROM sign_ups WHERE id = ? AND expires_at > ?',
  );
  const setChallenge = db.statement('UPDATE sign_ups SET challenge_id = ? WHERE id = ?');
  return {
    openSignUp: ({ signUp, challenge: first, mail, keep }) =>
      db.write(() => {
        const { id, email, createdAt } = signUp;
        insert.run(...fromSignUp(signUp));
        challenge.insert(first);
        insertMail.run(...fromMail(mail));
        for (const [old, challengeId] of tooMany.all(email, id, createdAt.getTime(), keep - 1)) {
          remove.run(old);
          challenge.end(challengeId, createdAt);
        }
      }),
    newestSignUp: (email, now) =>
      db.read(() => {
        const row = newest.get(email, now.getTime());
        return row === undefined ? null : toSignUp(row);
      }),
    reopenSignUp: ({ signUpId, challenge: next, mail }) =>
      db.write(() => {
        const before = challengeOf.get(signUpId, next.sentAt.getTime());
        if (before === undefined) return false;
        challenge.end(before[0], next.sentAt);
        challenge.insert(next);
        setChallenge.run(next.id, signUpId);
        insertMail.run(...fromMail(mail));
        return true;
      }),
  };
}

/** Creating an account, however its address was verified. Must be called inside a transaction. */
export interface OpeningSteps {
  isTaken(email: string): boolean;
  /** From now on the address belongs to the account, and all other sign-ups and codes for it are invalid. */
  settle(account: Account, event: SecurityEvent, now: Date): void;
}

export function openingSteps(db: Connection): OpeningSteps {
  const challenge = challengeSteps(db);
  const { record } = eventSteps(db);
  const insert = db.statement(insertInto('accounts'));
  const taken = db.statement<[number]>('SELECT 1 FROM accounts WHERE email = ?');
  const removeAllOf = db.statement('DELETE FROM sign_ups WHERE email = ?');
  return {
    isTaken: (email) => taken.get(email) !== undefined,
    settle(account, event, now) {
      insert.run(...fromAccount(account));
      removeAllOf.run(account.email);
      challenge.endAllOf(account.email, 'verify-email', now);
      record(event);
    },
  };
}

function redeeming(
  db: Connection,
  challenge: ChallengeSteps,
): Pick<AccountStore, 'redeemSignUp' | 'insertClaim' | 'isClaimOpen' | 'redeemClaim'> {
  const { isTaken, settle } = openingSteps(db);
  const open = db.statement<SignUpRow>(
    `SELECT ${columnsOf('sign_ups')} FROM sign_ups WHERE id = ? AND expires_at > ?`,
  );
  const insertClaim = db.statement('INSERT INTO claims (token_hash, expires_at) VALUES (?, ?)');
  const claim = db.statement<[number]>(
    'SELECT 1 FROM claims WHERE token_hash = ? AND used_at IS NULL AND expires_at > ?',
  );
  const isOpen = (tokenHash: Hashed, now: Date): boolean =>
    claim.get(tokenHash, now.getTime()) !== undefined;
  const useClaims = db.statement('UPDATE claims SET used_at = ? WHERE used_at IS NULL');
  return {
    async redeemSignUp({ challengeId, codeHash, accountId, event, now }) {
      const guess = await challenge.guess({
        id: challengeId,
        purpose: 'verify-email',
        codeHash,
        now,
      });
      if (guess.kind !== 'right') return guess;
      return db.write(() => {
        const { subjectId } = guess.challenge;
        if (!challenge.useUp(guess.challenge, now)) return { kind: 'over' };
        const row = subjectId === null ? undefined : open.get(subjectId, now.getTime());
        if (row === undefined) return { kind: 'over' };
        const { email, name, passwordHash } = toSignUp(row);
        if (isTaken(email)) return { kind: 'over' };
        const account: Account = {
          id: accountId,
          email,
          name,
          passwordHash,
          operator: false,
          createdAt: now,
        };
        settle(account, event, now);
        return { kind: 'redeemed', account };
      });
    },
    insertClaim: ({ tokenHash, expiresAt }) =>
      db.write(() => void insertClaim.run(tokenHash, expiresAt.getTime())),
    isClaimOpen: async (tokenHash, now) => isOpen(tokenHash, now),
    redeemClaim: ({ tokenHash, account, event, now }) =>
      db.write(() => {
        if (!isOpen(tokenHash, now)) return { kind: 'over' };
        if (isTaken(account.email)) return { kind: 'taken' };
        useClaims.run(now.getTime());
        settle(account, event, now);
        return { kind: 'redeemed' };
      }),
  };
}
