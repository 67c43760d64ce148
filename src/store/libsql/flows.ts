import type { FlowStore } from '../port/flows.ts';
import { columnsOf, insertInto } from './rows/columns.ts';
import { type FlowRow, fromFlow, toFlow } from './rows/flows.ts';
import type { Connection } from './transaction.ts';

/** Sign-in attempts at providers. */
export function flows(db: Connection): FlowStore {
  const insert = db.statement(insertInto('flows'));
  const take = db.statement<FlowRow>(
    `DELETE FROM flows WHERE state_hash = ? RETURNING ${columnsOf('flows')}`,
  );
  return {
    insertFlow: (flow) => db.write(() => void insert.run(...fromFlow(flow))),
    takeFlow: (stateHash) =>
      db.write(() => {
        const row = take.get(stateHash);
        return row === undefined ? null : toFlow(row);
      }),
  };
}
