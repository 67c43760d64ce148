import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { deployed } from '../../test/deployment.ts';
import { temporaryDirectory } from '../../test/temporary-directory.ts';
import { goodPassword } from '../../test/visitor.ts';
import { packageRoot } from '../package-root.ts';

const json = z.object({
  schema: z.looseObject({ properties: z.optional(z.record(z.string(), z.unknown())) }),
  example: z.optional(z.unknown()),
});
const content = z.optional(z.record(z.string(), json));
const described = z.object({
  info: z.object({ license: z.object({ identifier: z.string() }) }),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        parameters: z.array(
          z.object({ name: z.string(), in: z.string(), example: z.optional(z.unknown()) }),
        ),
        requestBody: z.optional(z.object({ content, required: z.boolean() })),
        responses: z.record(
          z.string(),
          z.object({ content, headers: z.optional(z.record(z.string(), z.unknown())) }),
        ),
      }),
    ),
  ),
});
const limits = z.object({
  format: z.optional(z.string()),
  minLength: z.optional(z.number()),
  maxLength: z.number(),
});

describe('the API description', () => {
  const deployment = deployed(
    async () => ({ kind: 'libsql', path: `${await temporaryDirectory()}/flowcept.db` }),
    { PORT: '1', RATE_LIMITS: 'off', PASSWORD_MIN_LENGTH: '12' },
  );
  let api: z.infer<typeof described>;
  beforeAll(async () => {
    const { status, body } = await deployment().visitor().get('/openapi.json');
    expect({ status, body }).toMatchObject({ status: 200 });
    api = described.parse(body);
  });
  const operations = () =>
    Object.entries(api.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        ...operation,
        title: `${method} ${path}`,
      })),
    );
  const signUp = () => api.paths['/api/sign-up']?.['post']?.requestBody?.content;
  const limitsOf = (member: string) =>
    limits.parse(signUp()?.['application/json']?.schema.properties?.[member]);

  it('names the license of the package', () => {
    const { license } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
    expect(api.info.license.identifier).toBe(license);
  });

  it('gives the format and length of an email address, a name and a new password', () => {
    expect(limitsOf('email')).toEqual({ format: 'email', maxLength: 254 });
    expect(limitsOf('name')).toEqual({ minLength: 1, maxLength: 100 });
    expect(limitsOf('password')).toEqual({ format: 'password', minLength: 12, maxLength: 256 });
  });

  const valid = () => ({
    email: `${randomUUID()}@example.org`,
    name: 'Ada',
    password: goodPassword,
  });
  /** Values of a length in code points. Those above U+FFFF are two units of UTF-16. */
  const ofLength = {
    email: (length: number) => {
      const ending = `@${Array.from({ length: 3 }, () => 'd'.repeat(62)).join('.')}.org`;
      return `${'a'.repeat(length - ending.length)}${ending}`;
    },
    name: (length: number) => '𝒜'.repeat(length),
    password: (length: number) =>
      Array.from('violet 🜁 anchor lamps '.repeat(20)).slice(0, length).join(''),
  };

  it.each(['email', 'name', 'password'] as const)(
    'says exactly how long the %s of a sign-up may be',
    async (member) => {
      const { minLength, maxLength } = limitsOf(member);
      const answerTo = async (length: number) => {
        const value = ofLength[member](length);
        expect([...value].length).toBe(length);
        const { status, body } = await deployment()
          .visitor()
          .post('/api/sign-up', { ...valid(), [member]: value });
        return [status, body.errors?.map(({ path }: { path: string }) => path)];
      };
      expect(await answerTo(maxLength)).toEqual([202, undefined]);
      expect(await answerTo(maxLength + 1)).toEqual([422, [member]]);
      if (minLength === undefined) return;
      expect(await answerTo(minLength)).toEqual([202, undefined]);
      expect(await answerTo(minLength - 1)).toEqual([422, [member]]);
    },
  );

  it('lists a wrong host, and the headers by which a client knows when to retry', () => {
    for (const { title, responses } of operations()) {
      expect(Object.keys(responses), title).toContain('421');
      expect(Object.keys(responses['429']?.headers ?? {}), title).toEqual(['Retry-After']);
      expect(Object.keys(responses['503']?.headers ?? {}), title).toEqual(['Retry-After']);
      if (responses['401'])
        expect(Object.keys(responses['401'].headers ?? {}), title).toEqual(['WWW-Authenticate']);
    }
  });

  it('has an example for every parameter of a path', () => {
    const without = operations().flatMap(({ title, parameters }) =>
      parameters
        .filter((one) => one.in === 'path' && typeof one.example !== 'string')
        .map(({ name }) => `${title}: ${name}`),
    );
    expect(without).toEqual([]);
  });

  it('has an example for every body and every success, each of which fits its schema', () => {
    const successOf = ({ responses }: ReturnType<typeof operations>[number]) =>
      Object.entries(responses).find(([status]) => Number(status) < 400)?.[1];
    const examples = operations().flatMap((operation) =>
      [operation.requestBody?.content, successOf(operation)?.content].flatMap((of) =>
        of?.['application/json'] ? [{ title: operation.title, ...of['application/json'] }] : [],
      ),
    );
    expect(examples.length).toBeGreaterThan(60);
    const misfits = examples.flatMap(({ title, schema, example }) => {
      const { error } = z.fromJSONSchema(schema as z.core.JSONSchema.BaseSchema).safeParse(example);
      return (error?.issues ?? []).map(
        ({ path, message }) => `${title} ${path.join('.')}: ${message}`,
      );
    });
    expect(misfits).toEqual([]);
  });

  it('says which bodies may be left out', () => {
    const optional = operations().filter(({ requestBody }) => requestBody?.required === false);
    expect(optional.map(({ title }) => title)).toEqual([
      'post /api/account/providers/{provider}/connect',
      'post /api/session/confirm/google',
      'post /api/session/confirm/github',
    ]);
  });

  it('says where the redirects lead', () => {
    const redirects = operations().filter(({ responses }) => responses['302'] ?? responses['303']);
    expect(redirects.length).toBe(2);
    for (const { title, responses } of redirects)
      expect((responses['302'] ?? responses['303'])?.headers, title).toHaveProperty('Location');
  });

  it('has an example of a sign-up that works', async () => {
    const { status } = await deployment()
      .visitor()
      .post('/api/sign-up', signUp()?.['application/json']?.example);
    expect(status).toBe(202);
  });
});
