import { z } from 'zod/mini';
/** Query parameters of every list: `?after=next&limit=`. */
export const listQuery = z.object({
  after: z.optional(z.string().check(z.maxLength(100))),
  limit: z.optional(
    z.string().check(z.regex(/^[1-9]\d{0,3}$/, 'Must be a whole number of at least 1.')),
  ),
});

export function listAnswer<Item extends z.core.$ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.optional(z.string()) });
}
