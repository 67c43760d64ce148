import { join } from 'node:path';
import { expect, it } from 'vitest';
import { serverProcesses } from '../server-process.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const servers = serverProcesses();
const token = /token=[\w-]{43}/;

it('without a terminal, the log has no link that creates an operator, and says how to get one', async () => {
  const path = join(await temporaryDirectory(), 'flowcept.db');
  const server = await servers.start({ database: { kind: 'libsql', path } });
  const text = () => server.lines().join('\n');
  await expect.poll(text).toMatch(/`node bin\/flowcept\.js claim` prints a link that creates one/);
  expect(text()).not.toMatch(token);
});

it('at a terminal, the link is printed as plain text', async () => {
  const path = join(await temporaryDirectory(), 'flowcept.db');
  const server = await servers.start({ database: { kind: 'libsql', path }, atTerminal: true });
  await expect
    .poll(() => server.lines().join('\n'))
    .toMatch(
      new RegExp(
        `^Create the operator account within 30 minutes: \\S+/operator#${token.source}`,
        'm',
      ),
    );
});
