import { z } from 'zod/mini';
import { problems, type ProblemName } from '../problems.ts';
import type { Endpoint } from './endpoint.ts';

/** Problems that any endpoint may return besides its own. */
const common = [
  'malformed',
  'cross-site-request',
  'too-large',
  'not-json',
  'invalid-fields',
  'rate-limited',
  'internal',
  'unavailable',
] as const;

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'reference'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    reference: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
};

/** Generates the OpenAPI 3.1 description from the endpoints. */
export function openapi(
  endpoints: readonly Endpoint[],
  { origin, version, cookie }: { origin: string; version: string; cookie: string },
) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const endpoint of endpoints) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(endpoint) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Flowcept', version },
    servers: [{ url: origin }],
    paths,
    components: {
      schemas: { Problem: problemSchema },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: cookie },
        cron: { type: 'http', scheme: 'bearer' },
      },
    },
  };
}

const session = { session: [] };
/** The security scheme of each guard, and the problems it may return. */
const guarded: Record<Endpoint['needs'], { security: object[]; problems: ProblemName[] }> = {
  anyone: { security: [], problems: [] },
  signedIn: { security: [session], problems: ['not-signed-in'] },
  confirmedIfFactor: { security: [session], problems: ['not-signed-in', 'confirmation-required'] },
  recentlyConfirmed: { security: [session], problems: ['not-signed-in', 'confirmation-required'] },
  operator: { security: [session], problems: ['not-signed-in', 'forbidden'] },
  confirmedOperator: {
    security: [session],
    problems: ['not-signed-in', 'forbidden', 'confirmation-required'],
  },
  operatorOrCron: { security: [session, { cron: [] }], problems: ['not-signed-in', 'forbidden'] },
};

function operation({
  method,
  path,
  summary,
  needs,
  whileEnrolling,
  body,
  query,
  answer,
  status,
  problems: own,
}: Endpoint) {
  const enrolment: ProblemName[] =
    needs === 'anyone' || whileEnrolling ? [] : ['second-factor-required'];
  const names = [...new Set([...guarded[needs].problems, ...enrolment, ...own, ...common])];
  const codes = [...new Set(names.map((name) => problems[name].status))];
  const problemResponses = codes.map((code) => [
    code,
    problemResponse(names.filter((name) => problems[name].status === code)),
  ]);
  return {
    operationId: `${method.toLowerCase()}${path.replaceAll(/[/:.-]+(\w?)/g, (_, next: string) => next.toUpperCase())}`,
    summary,
    security: guarded[needs].security,
    parameters: [
      ...[...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      })),
      ...(query ? queryParameters(jsonSchema(query, 'input')) : []),
    ],
    ...(body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: jsonSchema(body, 'input') } },
      },
    }),
    responses: {
      [status]: {
        description: 'Done.',
        ...(answer && {
          content: { 'application/json': { schema: jsonSchema(answer, 'output') } },
        }),
      },
      ...Object.fromEntries(problemResponses),
    },
  };
}

function problemResponse(names: readonly string[]) {
  return {
    description: names.join(', '),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

function jsonSchema(shape: z.core.$ZodType, io: 'input' | 'output') {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, { io, unrepresentable: 'any' });
  return schema;
}

function queryParameters({
  properties = {},
  required = [],
}: {
  properties?: Record<string, unknown>;
  required?: string[];
}) {
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}
