import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod/mini';
import { packageRoot } from './package-root.ts';

const versions = z.optional(z.record(z.string(), z.string()));
const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      integrity: z.optional(z.string()),
      resolved: z.optional(z.string()),
      hasInstallScript: z.optional(z.boolean()),
      dependencies: versions,
      devDependencies: versions,
      optionalDependencies: versions,
    }),
  ),
});

describe.each([
  { directory: '.', installScripts: [] },
  { directory: 'bench', installScripts: ['node_modules/better-sqlite3'] },
])('the lock file of $directory', ({ directory, installScripts }) => {
  const read = (name: string): unknown =>
    JSON.parse(readFileSync(join(packageRoot, directory, name), 'utf8'));
  const { packages } = lockFile.parse(read('package-lock.json'));
  const installed = Object.entries(packages).filter(([path]) => path !== '');
  const paths = (of: typeof installed): string[] => of.map(([path]) => path);

  it('has a SHA-512 digest for every package on every platform', () => {
    expect(installed.length).toBeGreaterThan(20);
    const isVerified = (integrity = '') => /^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity);
    expect(paths(installed.filter(([, { integrity }]) => !isVerified(integrity)))).toEqual([]);
  });

  it('has an entry for every package that another one depends on, as `npm ci` requires', () => {
    const missing = Object.entries(packages).flatMap(([path, entry]) =>
      Object.keys({
        ...entry.dependencies,
        ...entry.devDependencies,
        ...entry.optionalDependencies,
      })
        .filter((name) => !placesOf(path, name).some((place) => Object.hasOwn(packages, place)))
        .map((name) => `${path}: ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('agrees with package.json', () => {
    const declared = z
      .object({ dependencies: versions, devDependencies: versions })
      .parse(read('package.json'));
    expect(packages['']).toMatchObject(declared);
  });

  it('names no registry, so that each machine uses its own', () => {
    expect(paths(installed.filter(([, { resolved }]) => resolved !== undefined))).toEqual([]);
  });

  it('has no package that runs a script when it is installed, except those that are listed', () => {
    expect(paths(installed.filter(([, { hasInstallScript }]) => hasInstallScript))).toEqual(
      installScripts,
    );
  });
});

/** Where Node.js looks for a package, from the package at this path upwards. */
function placesOf(path: string, name: string): string[] {
  const here = `${path === '' ? '' : `${path}/`}node_modules/${name}`;
  const above = path.lastIndexOf('node_modules/');
  return above === -1 ? [here] : [here, ...placesOf(path.slice(0, Math.max(0, above - 1)), name)];
}
