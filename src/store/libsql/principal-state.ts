import type { Authority, PrincipalState } from '../port/authority.ts';
import { type AccountRow, toAccount } from './rows/accounts.ts';
import { columnsOf } from './rows/columns.ts';
import { type SessionRow, toSession } from './rows/sessions.ts';
import { dateOrNull } from './rows/values.ts';
import type { Connection } from './transaction.ts';

type Row = [factorSince: number | null, ...SessionRow, ...AccountRow];
const sessionFrom = 1;
const accountFrom = 13;

/** The principal’s state in the current transaction. */
export function principalStates({
  statement,
}: Pick<Connection, 'statement'>): (authority: Authority) => PrincipalState | null {
  const find = statement<Row>(`
    SELECT (SELECT min(confirmed_at) FROM factors WHERE factors.account_id = accounts.id), ${columnsOf('sessions')}, ${columnsOf('accounts')}
    FROM sessions JOIN accounts ON accounts.id = sessions.account_id WHERE sessions.token_hash = ? AND sessions.account_id = ?`);
  return ({ tokenHash, accountId }) => {
    const row = find.get(tokenHash, accountId);
    if (row === undefined) return null;
    return {
      session: toSession(row.slice(sessionFrom) as SessionRow),
      account: toAccount(row.slice(accountFrom) as AccountRow),
      factorSince: dateOrNull(row[0]),
    };
  };
}
