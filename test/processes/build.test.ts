import { spawnSync } from 'node:child_process';
import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { securityFile } from '../../src/trust/claims/security-source.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

/** Builds a copy of this package in which only the security page differs. */
async function buildWith(
  change: (page: string) => string,
): Promise<{ status: number | null; stderr: string }> {
  const root = await temporaryDirectory();
  for (const part of [
    'src',
    'web',
    'attacks',
    'scripts',
    'dist',
    'package.json',
    'package-lock.json',
    'vite.config.ts',
  ]) {
    await cp(join(packageRoot, part), join(root, part), { recursive: true });
  }
  await symlink(join(packageRoot, 'node_modules'), join(root, 'node_modules'));
  await writeFile(
    join(root, securityFile),
    change(await readFile(join(packageRoot, securityFile), 'utf8')),
  );
  const { status, stderr } = spawnSync(process.execPath, ['scripts/build.js'], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, stderr };
}

test('the build accepts the security page as it is', async () => {
  expect(await buildWith((page) => page)).toEqual({ status: 0, stderr: '' });
});

test('the build rejects a security page with an exaggeration or an unproven statement, and names line and word', async () => {
  const { status, stderr } = await buildWith((page) =>
    page
      .replace('- Every connection uses', '- No user gets in.\n- Every connection always uses')
      .replace('{#soc-2}', '{#iso}'),
  );
  expect(status).toBe(1);
  expect(stderr).toMatch(/^security\.md: line \d+: “- No user gets in\.” is bound to no claim/m);
  expect(stderr).toMatch(/^security\.md: line \d+: “always” is more than any check can bear out/m);
  expect(stderr).toMatch(/is bound to “iso”, which is no claim/);
});
