import { readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, sep } from 'node:path';
import { packageRoot } from '../../package-root.ts';

export interface ServedFile {
  /** By which it is known on every machine: its path in the package, or `native/PACKAGE/FILE`. */
  name: string;
  path: string;
}

/** The program, the sentences of the security page, and the versions of all packages. */
const parts = ['bin', 'dist', 'assets', 'package.json', 'package-lock.json', 'security.md'];
/** Packages with a native module, and where those lie that hold it for one platform each. */
const native = [
  { of: 'libsql', scope: '@libsql', prefix: '' },
  { of: '@node-rs/bcrypt', scope: '@node-rs', prefix: 'bcrypt-' },
];

/** Every file that is run here or sent to browsers, native modules included, in the order of their names. */
export async function servedFiles(): Promise<readonly ServedFile[]> {
  const own = await Promise.all(parts.map((part) => filesBelow(join(packageRoot, part))));
  const named = own
    .flat()
    .map((path) => ({ name: relative(packageRoot, path).replaceAll(sep, '/'), path }));
  return [...named, ...(await nativeModules())].sort((one, other) =>
    one.name < other.name ? -1 : 1,
  );
}

/** A file is itself; what is not there has none. */
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

/** The folder of all packages in which this one lies. */
function modulesOf(name: string): string {
  const entry = createRequire(import.meta.url).resolve(name);
  const folder = `${sep}node_modules${sep}`;
  return entry.slice(0, entry.lastIndexOf(folder) + folder.length);
}
