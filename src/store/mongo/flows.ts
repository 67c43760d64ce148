import type { Store } from '../port.ts';
import { documentVersion, toFlow } from './documents.ts';
import type { Models } from './models.ts';

export function flowsSection({ flows }: Models): Pick<Store, 'insertFlow' | 'takeFlow'> {
  return {
    async insertFlow({ stateHash, ...flow }) {
      await flows.create([{ _id: stateHash, v: documentVersion, ...flow }]);
    },
    async takeFlow(stateHash) {
      const taken = await flows.findOneAndDelete({ _id: stateHash }).lean();
      if (!taken) return null;
      const { id, ...flow } = toFlow(taken);
      return { stateHash: id, ...flow };
    },
  };
}
