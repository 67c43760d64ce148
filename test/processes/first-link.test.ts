import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { freePort } from '../free-port.ts';
import { serverProcesses, usualVariables } from '../server-process.ts';
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

it('at a terminal, the link is printed as plain text', { timeout: 30_000 }, async () => {
  const folder = await temporaryDirectory();
  const port = await freePort();
  const program = [process.execPath, join(packageRoot, 'bin', 'flowcept.js'), 'serve'];
  const { PATH = '' } = process.env;
  const child = spawn('python3', ['-c', `import pty; pty.spawn(${JSON.stringify(program)})`], {
    cwd: folder,
    env: { PATH, ...usualVariables, PORT: `${port}` },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (bytes: Buffer) => (printed += bytes.toString('utf8')));
  try {
    await expect
      .poll(() => printed, { timeout: 20_000 })
      .toMatch(
        new RegExp(
          `^Create the operator account within 30 minutes: \\S+/operator#${token.source}`,
          'm',
        ),
      );
  } finally {
    // Ctrl-C at the terminal.
    child.stdin.write('\u0003');
    await once(child, 'exit');
  }
});
