import type { Edit } from './edit.ts';
import type { Mutant } from './mutants.ts';

export const stores = ['libSQL', 'MongoDB'] as const;
export type Store = (typeof stores)[number];

/** The edits that make this mutant on that store; `null`: it is made on the other one alone, for the reason that it gives. */
export function editsOn({ edits, onMongodb, only }: Mutant, store: Store): readonly Edit[] | null {
  if (only && only.store !== store) return null;
  return store === 'MongoDB' ? (onMongodb ?? edits) : edits;
}
