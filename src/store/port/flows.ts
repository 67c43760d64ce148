import type { Hashed, ProviderFlow } from '../../records.ts';

export interface FlowStore {
  insertFlow(flow: ProviderFlow): Promise<void>;
  /** Uses a flow up: of all that ask at once, one gets it. Also when it has expired, which the caller judges. */
  takeFlow(stateHash: Hashed): Promise<ProviderFlow | null>;
}
