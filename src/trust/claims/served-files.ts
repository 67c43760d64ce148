import { readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, sep } from 'node:path';
import { packageRoot } from '../../package-root.ts';
import { securityFile } from './security-source.ts';

export interface ServedFile {
  /** The same on every machine: the path in the package, or `native/PACKAGE/FILE`. */
  name: string;
  path: string;
}

/** The program, the text of the security page, and the versions of all packages. */
const parts = ['bin', 'dist', 'assets', 'package.json', 'package-lock.json', securityFile];
/** Packages with a native module, and the packages that contain it for each platform. */
const native = [
  { of: 'libsql', scope: '@libsql', prefix: '' },
  { of: '@node-rs/bcrypt', scope: '@node-rs', prefix: 'bcrypt-' },
];

/** Every file that is executed here or sent to browsers, including native modules, ordered by name. */
export async function servedFiles(): Promise<readonly ServedFile[]> {
  const own = await Promise.all(parts.map((part) => filesBelow(join(packageRoot, part))));
  const named = own
    .flat()
    .map((path) => ({ name: relative(packageRoot, path).replaceAll(sep, '/'), path }));
  return [...named, ...(await nativeModules())].sort((one, other) =>
    one.name < other.name ? -1 : 1,
  );
}

/** The files below a path; the path itself for a file, none if it does not exist. */
export async function filesBelow(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => null);
  if (!found?.isDirectory()) return found ? [path] : [];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

async function nativeModules(): Promise<ServedFile[]> {
  const found = native.map(async ({ of, scope, prefix }) => {
    const folder = join(modulesOf(of), scope);
    const packages = (await readdir(folder)).filter((name) => name.startsWith(prefix));
    const files = (
      await Promise.all(packages.map((name) => filesBelow(join(folder, name))))
    ).flat();
    return files
      .filter((path) => path.endsWith('.node'))
      .map((path) => ({
        name: `native/${scope}/${basename(dirname(path))}/${basename(path)}`,
        path,
      }));
  });
  return (await Promise.all(found)).flat();
}

/** The `node_modules` folder that contains this package. */
function modulesOf(name: string): string {
  const entry = createRequire(import.meta.url).resolve(name);
  const folder = `${sep}node_modules${sep}`;
  return entry.slice(0, entry.lastIndexOf(folder) + folder.length);
}
