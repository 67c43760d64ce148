import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root directory of this package, both for the source and for the build. */
export const packageRoot = findUp(dirname(fileURLToPath(import.meta.url)));

export const version = String(
  JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')).version,
);

function findUp(directory: string): string {
  return existsSync(join(directory, 'package.json')) ? directory : findUp(dirname(directory));
}
