import type { FlowStore } from '../port/flows.ts';
import { documentVersion, toFlow } from './documents.ts';
import type { Models } from './models.ts';
import { write } from './transaction.ts';

export function flowsSection(models: Models): FlowStore {
  const { flows } = models;
  return {
    insertFlow: ({ stateHash, ...flow }) =>
      write(models, stateHash, async (session) => {
        await flows.create([{ _id: stateHash, v: documentVersion, ...flow }], { session });
      }),
    takeFlow: (stateHash) =>
      write(models, stateHash, async (session) => {
        const taken = await flows.findOneAndDelete({ _id: stateHash }, { session }).lean();
        if (!taken) return null;
        const { id, ...flow } = toFlow(taken);
        return { stateHash: id, ...flow };
      }),
  };
}
