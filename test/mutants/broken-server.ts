import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { transformSync } from 'rolldown/utils';
import { bundleServer } from '../../scripts/bundle.js';
import { packageRoot } from '../../src/package-root.ts';

/** Replaces the built server below `root` with a bundle in which these files are changed. */
export async function buildServer(
  root: string,
  edited: ReadonlyMap<string, string>,
): Promise<void> {
  await cp(join(packageRoot, 'dist', 'public'), join(root, 'dist', 'public'), { recursive: true });
  await bundleServer({
    root: packageRoot,
    outDir: join(root, 'dist', 'server'),
    edit: (file, source) => edited.get(file) ?? source,
  });
}

/** @throws for a file that does not parse. Types are not checked. */
export function compile(path: string, source: string): string {
  const { code, errors } = transformSync(path, source, {
    tsconfig: false,
    target: 'es2023',
    jsx: { runtime: 'automatic' },
    typescript: { onlyRemoveTypeImports: true, rewriteImportExtensions: 'rewrite' },
  });
  const [first] = errors;
  if (first) throw new SyntaxError(`${path}: ${first.message}`);
  return code;
}
