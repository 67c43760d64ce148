import { chmod, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { freePort } from '../free-port.ts';
import { runFlowcept, serverProcesses } from '../server-process.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const preload = pathToFileURL(join(packageRoot, 'test', 'drive-without-modes.js')).href;
const withoutModes = { FLOWCEPT_KEYS: '', NODE_OPTIONS: `--import ${preload}` };
const warning = /flowcept\.keys is on a drive that keeps no file modes/;

describe('on a drive that keeps no file modes', () => {
  const servers = serverProcesses();

  it('sandbox mode starts, and says what it cannot check; so does doctor', async () => {
    const folder = await temporaryDirectory();
    const path = join(folder, 'flowcept.db');
    const launch = { database: { kind: 'libsql', path } as const, variables: withoutModes };
    const first = await servers.start(launch);
    await expect.poll(() => first.lines().join('\n')).toMatch(warning);
    await first.kill('SIGTERM');

    const { code, stdout } = await runFlowcept(['doctor'], folder, {
      ...withoutModes,
      DATABASE_URL: `file:${path}`,
      PORT: `${await freePort()}`,
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(warning);

    const again = await servers.start(launch);
    await expect.poll(() => again.lines().join('\n')).toMatch(warning);
  });

  it('a drive that keeps them is told apart: there the key file must be private', async () => {
    const folder = await temporaryDirectory();
    const path = join(folder, 'flowcept.db');
    const first = await servers.start({
      database: { kind: 'libsql', path },
      variables: { FLOWCEPT_KEYS: '' },
    });
    await expect.poll(() => first.lines().join('\n')).toMatch(/Sandbox mailbox/);
    expect(first.lines().join('\n')).not.toMatch(warning);
    await first.kill('SIGTERM');
    const keys = join(folder, 'flowcept.keys');
    expect((await stat(keys)).mode & 0o777).toBe(0o600);
    await chmod(keys, 0o644);
    const { code, stderr } = await runFlowcept(['serve'], folder, {
      FLOWCEPT_KEYS: '',
      DATABASE_URL: `file:${path}`,
      PORT: `${await freePort()}`,
    });
    expect([code, stderr]).toEqual([2, expect.stringContaining('readable by other users')]);
  });
});
