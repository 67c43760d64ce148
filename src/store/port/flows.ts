import type { Hashed, ProviderFlow } from '../../records.ts';

export interface FlowStore {
  insertFlow(flow: ProviderFlow): Promise<void>;
  /** Uses up a flow: of concurrent calls, one gets it. Also returns an expired flow; the caller checks the expiry. */
  takeFlow(stateHash: Hashed): Promise<ProviderFlow | null>;
}
