/** Reads what a reader needs of a JSON Schema: names, types and what is required. */

export interface ApiField {
  name: string;
  type: string;
  required: boolean;
}

type Schema = Record<string, unknown>;

const deepest = 3;

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Resolves `$ref`s within the document; an unresolvable reference is an empty schema. */
function resolve(schema: unknown, root: unknown): Schema {
  if (!isSchema(schema)) return {};
  if (typeof schema['$ref'] !== 'string') return schema;
  const steps = schema['$ref'].replace(/^#\//, '').split('/');
  const target = steps.reduce<unknown>((at, step) => (isSchema(at) ? at[step] : undefined), root);
  return isSchema(target) ? target : {};
}

/** All fields of an object. Those of nested objects and arrays have dotted names. */
export function fieldsOf(schema: unknown, root: unknown, prefix = '', depth = 0): ApiField[] {
  const { properties, required } = innermost(resolve(schema, root), root);
  if (!isSchema(properties) || depth >= deepest) return [];
  return Object.entries(properties).flatMap(([key, raw]) => {
    const property = resolve(raw, root);
    const name = `${prefix}${key}`;
    const field = {
      name,
      type: typeName(property, root),
      required: asList(required).includes(key),
    };
    return [
      field,
      ...fieldsOf(
        property,
        root,
        `${name}${property['type'] === 'array' ? '[].' : '.'}`,
        depth + 1,
      ),
    ];
  });
}

/** The items of an array schema; any other schema is returned unchanged. */
function innermost(schema: Schema, root: unknown): Schema {
  return schema['type'] === 'array' ? resolve(schema['items'], root) : schema;
}

export function typeName(schema: unknown, root: unknown): string {
  const known = resolve(schema, root);
  const choices = asList(known['anyOf'] ?? known['oneOf']);
  if (choices.length > 0) return choices.map((choice) => typeName(choice, root)).join(' or ');
  if ('const' in known) return JSON.stringify(known['const']);
  if (Array.isArray(known['enum']))
    return known['enum'].map((value) => JSON.stringify(value)).join(' or ');
  if (known['type'] === 'array') return `list of ${typeName(known['items'], root)}`;
  if (Array.isArray(known['type'])) return known['type'].join(' or ');
  return `${typeof known['type'] === 'string' ? known['type'] : 'any'}${bounds(known)}`;
}

function bounds({ minLength, maxLength, pattern }: Schema): string {
  if (typeof pattern === 'string') return ` matching ${pattern}`;
  if (typeof minLength === 'number' && typeof maxLength === 'number')
    return `, ${minLength} to ${maxLength} characters`;
  if (typeof maxLength === 'number') return `, at most ${maxLength} characters`;
  return typeof minLength === 'number' ? `, at least ${minLength} characters` : '';
}
