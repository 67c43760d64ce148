import { z } from 'zod/mini';

/**
 * The part of an OpenAPI 3.1 operation that the reference reads. Schemas are not validated further.
 */

const content = z.optional(z.record(z.string(), z.object({ schema: z.optional(z.unknown()) })));

export const operationShape = z.object({
  summary: z.optional(z.string()),
  description: z.optional(z.string()),
  security: z.optional(z.array(z.record(z.string(), z.unknown()))),
  parameters: z._default(
    z.array(
      z.object({
        name: z.string(),
        in: z.string(),
        required: z.optional(z.boolean()),
        schema: z.optional(z.unknown()),
      }),
    ),
    [],
  ),
  requestBody: z.optional(z.object({ content })),
  responses: z._default(
    z.record(z.string(), z.object({ description: z.optional(z.string()), content })),
    {},
  ),
});

export type Operation = z.infer<typeof operationShape>;
export type Content = z.infer<typeof content>;
