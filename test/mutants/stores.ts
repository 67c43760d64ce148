import type { Edit } from './edit.ts';
import type { Mutant } from './mutants.ts';

export const stores = ['libSQL', 'MongoDB'] as const;
export type Store = (typeof stores)[number];

/**
 * The edits for this mutant on that store; `null` if it exists on the other store only, for the
 * reason that it gives.
 */
export function editsOn({ edits, onMongodb, only }: Mutant, store: Store): readonly Edit[] | null {
  if (only && only.store !== store) return null;
  return store === 'MongoDB' ? (onMongodb ?? edits) : edits;
}
