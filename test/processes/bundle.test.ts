import { expect, test } from 'vitest';
import { servedFiles } from '../../src/trust/claims/served-files.ts';
import { edit } from '../mutants/edit.ts';
import { mutate } from '../mutants/mutate.ts';
import { serverProcesses } from '../server-process.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const servers = serverProcesses();

test('a stack trace in the log names a source line, and the answer contains none', async () => {
  const { root, remove } = await mutate([
    edit(
      'makeApp',
      "app.get('/healthz', () => Response.json({ status: 'up' }));",
      "app.get('/healthz', () => { throw new TypeError('broken'); });",
    ),
  ]);
  try {
    const server = await servers.start({
      root,
      database: { kind: 'libsql', path: `${await temporaryDirectory()}/flowcept.db` },
    });
    const answer = await server.visitor().get('/healthz');
    expect(answer.status).toBe(500);
    const line = server.lines().find((one) => one.includes(answer.body.reference)) ?? '';
    const { cause } = JSON.parse(line);
    expect(cause.stack).toMatch(/^ +at .*src\/app\.ts:\d+:\d+/m);
    expect(cause.stack).not.toContain('dist/server');
    expect(JSON.stringify(answer.body)).not.toContain('app.ts');
  } finally {
    await remove();
  }
});

test('the bundle includes the program, its start, the browser’s files and the native modules', async () => {
  const names = (await servedFiles()).map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining([
      'bin/flowcept.js',
      'dist/server/main.js',
      'dist/public/index.html',
      'src/trust/claims/security.md',
      'package-lock.json',
      expect.stringMatching(/^native\/@libsql\/.+\.node$/),
      expect.stringMatching(/^native\/@node-rs\/bcrypt-.+\.node$/),
    ]),
  );
  expect(new Set(names).size).toBe(names.length);
});
