import { z } from 'zod/mini';
import { problems, type ProblemName } from '../problems.ts';
import type { Endpoint } from './endpoint.ts';
import { exampleOf } from './examples.ts';

/** Problems that any endpoint may return besides its own. */
const common = [
  'malformed',
  'wrong-host',
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

interface Described {
  origin: string;
  version: string;
  /** An SPDX identifier. */
  license: string;
  /** The name of the session cookie. */
  cookie: string;
}

/** Generates the OpenAPI 3.1 description from the endpoints. */
export function openapi(
  endpoints: readonly Endpoint[],
  { origin, version, license, cookie }: Described,
) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const endpoint of endpoints) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(endpoint) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Flowcept', version, license: { name: license, identifier: license } },
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
    problemResponse(
      names.filter((name) => problems[name].status === code),
      code,
    ),
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
        example: exampleOf({ type: 'string' }, name),
      })),
      ...(query ? queryParameters(jsonSchema(query, 'input')) : []),
    ],
    ...(body && {
      requestBody: {
        required: !z.safeParse(body, undefined).success,
        content: json(jsonSchema(body, 'input')),
      },
    }),
    responses: {
      [status]: {
        description: 'Done.',
        ...(redirects.has(status) && { headers: { Location: headers.Location } }),
        ...(answer && { content: json(jsonSchema(answer, 'output')) }),
      },
      ...Object.fromEntries(problemResponses),
    },
  };
}

const redirects = new Set([302, 303]);
const headers = {
  Location: {
    description: 'Where to continue, as a path or URL.',
    schema: { type: 'string' },
    example: '/home',
  },
  'Retry-After': {
    description: 'Whole seconds until a retry can succeed.',
    schema: { type: 'integer', minimum: 0 },
    example: 30,
  },
  'WWW-Authenticate': {
    description: 'RFC 9110 §11.6.1.',
    schema: { type: 'string' },
    example: 'Bearer realm="flowcept"',
  },
};
const headerOf: Partial<Record<number, keyof typeof headers>> = {
  401: 'WWW-Authenticate',
  429: 'Retry-After',
  503: 'Retry-After',
};

function problemResponse(names: readonly ProblemName[], status: number) {
  const header = headerOf[status];
  return {
    description: names.join(', '),
    ...(header && { headers: { [header]: headers[header] } }),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

function json(schema: z.core.JSONSchema.BaseSchema) {
  return { 'application/json': { schema, example: exampleOf(schema) } };
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
