import { z } from 'zod/mini';
import type { Endpoint } from '../../http/endpoint.ts';
import { limits } from '../../ratelimit/limits.ts';
import type { BodyShape, Route } from './check-context.ts';

/** The endpoints as checks see them: the same data as in the public API description. */
export function routesOf(endpoints: readonly Endpoint[]): Route[] {
  return endpoints.map(({ method, path, needs, body, query, limit }) => ({
    method,
    path,
    needs,
    body: body ? bodyOf(schemaOf(body)) : null,
    query: query ? fieldsOf(schemaOf(query)) : [],
    limit: limit ? limits[limit].limit : null,
  }));
}

type Schema = Pick<
  z.core.JSONSchema.BaseSchema,
  'type' | 'properties' | 'required' | 'additionalProperties' | 'anyOf' | 'oneOf'
>;

function schemaOf(shape: z.core.$ZodType): Schema {
  return z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' });
}

/** For a schema with variants: the fields of all variants; strict if every variant is. */
function bodyOf(schema: Schema): BodyShape {
  const shapes = variantsOf(schema);
  const required = shapes.map((shape) => new Set(shape.required));
  return {
    fields: fieldsOf(schema).map((name) => ({
      name,
      required: required.every((names) => names.has(name)),
      kind: kindOf(shapes, name),
    })),
    strict: shapes.every(
      ({ type, additionalProperties }) => type === 'object' && additionalProperties === false,
    ),
  };
}

function fieldsOf(schema: Schema): string[] {
  return [...new Set(variantsOf(schema).flatMap(({ properties = {} }) => Object.keys(properties)))];
}

function kindOf(shapes: readonly Schema[], name: string): string {
  const field = shapes
    .map(({ properties }) => properties?.[name])
    .find((found) => found !== undefined);
  return typeof field === 'object' ? String(field.type ?? 'any') : 'any';
}

function variantsOf(schema: Schema): Schema[] {
  const inner = schema.anyOf ?? schema.oneOf;
  return inner ? inner.filter((one) => typeof one === 'object').flatMap(variantsOf) : [schema];
}
