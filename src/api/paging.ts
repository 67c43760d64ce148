import { z } from 'zod/mini';
/** `?after=next&limit=` of every list. */
export const listQuery = z.object({
  after: z.optional(z.string().check(z.maxLength(100))),
  limit: z.optional(
    z.string().check(z.regex(/^[1-9]\d{0,3}$/, 'This must be a whole number from 1.')),
  ),
});

export function listAnswer<Item extends z.core.$ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.optional(z.string()) });
}
