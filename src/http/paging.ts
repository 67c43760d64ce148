import type { z } from 'zod/mini';
import type { listQuery } from '../api/paging.ts';

const maxItems = 100;

/**
 * Returns one page of a list that the store reads in pieces. Reads one item more to find out whether there is a next
 * page.
 */
export async function pageBy<Item>(
  { after, limit }: z.infer<typeof listQuery>,
  read: (place: { before: string | null; limit: number }) => Promise<Item[]>,
  idOf: (item: Item) => string,
): Promise<{ items: Item[]; next?: string }> {
  const wanted = Math.min(Number(limit ?? maxItems), maxItems);
  const found = await read({ before: after ?? null, limit: wanted + 1 });
  const items = found.slice(0, wanted);
  const last = items.at(-1);
  return { items, ...(last && found.length > wanted ? { next: idOf(last) } : {}) };
}

/** Returns one page of a short list in memory. An unknown `after` starts at the beginning. */
export function pageOf<Item extends { id: string }>(
  items: readonly Item[],
  { after, limit }: z.infer<typeof listQuery>,
) {
  const start = after === undefined ? 0 : items.findIndex(({ id }) => id === after) + 1;
  const page = items.slice(start, start + Math.min(Number(limit ?? maxItems), maxItems));
  const last = page.at(-1);
  return { items: page, ...(last && start + page.length < items.length ? { next: last.id } : {}) };
}
