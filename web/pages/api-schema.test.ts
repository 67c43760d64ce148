import { expect, test } from 'vitest';
import { fieldsOf, typeName } from './api-schema.ts';

const root = {
  components: {
    schemas: {
      Person: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } },
    },
  },
};

test('lists the fields of arrays and of referenced objects', () => {
  const schema = {
    type: 'object',
    properties: { items: { type: 'array', items: { $ref: '#/components/schemas/Person' } } },
  };
  expect(fieldsOf(schema, root)).toEqual([
    { name: 'items', type: 'list of object', required: false },
    { name: 'items[].id', type: 'string', required: true },
  ]);
});

test('shows “any” for an unknown schema, and follows no reference out of the document', () => {
  expect(typeName({}, root)).toBe('any');
  expect(typeName({ $ref: 'https://evil.example/schema' }, root)).toBe('any');
});
