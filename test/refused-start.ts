import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { freePort } from './free-port.ts';
import { type Ran, runFlowcept, type Variables } from './server-process.ts';

/**
 * Asserts that every command fails with a few lines that name the fault, and that none changes a
 * byte of the folder.
 */
export async function expectRefusedUnchanged(
  folder: string,
  file: string,
  variables: Variables,
  named: RegExp,
): Promise<void> {
  const before = await contents(folder);
  const all = {
    PORT: `${await freePort()}`,
    DATABASE_URL: `file:${join(folder, file)}`,
    ...variables,
  };
  const doctor = await runFlowcept(['doctor', '--json'], folder, all);
  expect(doctor.stderr).toBe('');
  expect(doctor.code, doctor.stdout).toBe(1);
  expect(await contents(folder), 'after doctor').toEqual(before);
  const both = await Promise.all(
    ['serve', 'claim'].map((command) => runFlowcept([command], folder, all)),
  );
  for (const ran of both) expectRefusedStart(ran, named);
  expect(await contents(folder), 'after serve and claim').toEqual(before);
}

export function expectRefusedStart(ran: Ran | undefined, named: RegExp): void {
  const { code, stderr, stdout } = ran ?? { code: null, stderr: '', stdout: '' };
  const lines = stderr.trimEnd().split('\n');
  expect(lines.join('\n')).toMatch(named);
  expect(lines.length).toBeLessThanOrEqual(5);
  expect(`${stdout}${stderr}`).not.toMatch(/\n\s+at |node:internal|Error:/);
  expect(code).toBe(2);
}

/** Mode and digest of every file in it. */
async function contents(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true });
  const described = entries.sort().map(async (name) => {
    const info = await stat(join(folder, name));
    const digest = info.isFile()
      ? createHash('sha256')
          .update(await readFile(join(folder, name)))
          .digest('hex')
          .slice(0, 16)
      : 'folder';
    return [name, `${(info.mode & 0o777).toString(8)} ${digest}`] as const;
  });
  return Object.fromEntries(await Promise.all(described));
}
