import type { KeyMaterial } from '../environment.ts';

/** Keys by ID. The first key seals; every key opens. ASVS 11.2.2, 13.3.4. */
export interface Keyring {
  current: KeyMaterial;
  /** All keys, including those that only decrypt. */
  keys: readonly KeyMaterial[];
  find(id: string): Buffer | null;
}

export function makeKeyring(keys: readonly KeyMaterial[]): Keyring {
  const [current] = keys;
  if (!current) throw new Error('A keyring has at least one key.');
  const byId = new Map(keys.map(({ id, key }) => [id, key]));
  return { current, keys, find: (id) => byId.get(id) ?? null };
}
