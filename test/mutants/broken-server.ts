import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { transformSync } from 'rolldown/utils';
import { packageRoot } from '../../src/package-root.ts';

/** Puts the built server below `root`, with these sources in place of its own. */
export async function buildServer(root: string, edited: ReadonlyMap<string, string>): Promise<void> {
  await cp(join(packageRoot, 'dist'), join(root, 'dist'), { recursive: true });
  for (const [path, source] of edited) await writeFile(join(root, 'dist', path.replace(/\.tsx?$/, '.js')), compile(path, source));
}

/** @throws what does not parse. Types are not checked. */
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
