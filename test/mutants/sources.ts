import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Reading, readTokens, type Token } from './tokens.ts';

/** All source files of the server by their path below the root, with “/”, and lookups in them. */
export class Sources {
  readonly #files: ReadonlyMap<string, string>;
  readonly #readings = new Map<string, Reading>();
  #names: ReadonlySet<string> | null = null;
  #exporters: ReadonlyMap<string, readonly string[]> | null = null;

  constructor(files: ReadonlyMap<string, string>) {
    this.#files = files;
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  text(path: string): string {
    const text = this.#files.get(path);
    if (text === undefined) throw new Error(`There is no source ${path}.`);
    return text;
  }

  read(path: string): Reading {
    const known = this.#readings.get(path);
    if (known) return known;
    const reading = readTokens(this.text(path), { jsx: isJsx(path) });
    this.#readings.set(path, reading);
    return reading;
  }

  /** Whether any file uses this identifier. */
  hasName(name: string): boolean {
    this.#names ??= new Set(
      [...this.#files.keys()].flatMap((path) =>
        this.read(path).tokens.flatMap((token) => token.name ?? []),
      ),
    );
    return this.#names.has(name);
  }

  /** The files that declare and export this name. */
  exporters(name: string): readonly string[] {
    this.#exporters ??= exportersIn(
      [...this.#files.keys()].map((path) => [path, this.read(path).tokens]),
    );
    return this.#exporters.get(name) ?? [];
  }
}

export function isJsx(path: string): boolean {
  return path.endsWith('.tsx');
}

const notBuilt = /\.test\.tsx?$|^src\/store\/contract\//;

export async function readSources(root: string): Promise<Sources> {
  const names = await readdir(join(root, 'src'), { recursive: true });
  const paths = names
    .map((name) => `src/${name.replaceAll('\\', '/')}`)
    .filter((path) => /\.tsx?$/.test(path) && !notBuilt.test(path));
  return new Sources(
    new Map(
      await Promise.all(
        paths
          .toSorted()
          .map(async (path) => [path, await readFile(join(root, path), 'utf8')] as const),
      ),
    ),
  );
}

function exportersIn(
  modules: readonly (readonly [path: string, tokens: readonly Token[]])[],
): ReadonlyMap<string, readonly string[]> {
  const exporters = new Map<string, string[]>();
  for (const [path, tokens] of modules) {
    for (const name of exportedBy(tokens))
      exporters.set(name, [...(exporters.get(name) ?? []), path]);
  }
  return exporters;
}

const beforeNames = [
  'declare',
  'async',
  'abstract',
  'function',
  'const',
  'let',
  'var',
  'class',
  'interface',
  'type',
  'enum',
];

function exportedBy(tokens: readonly Token[]): readonly string[] {
  return tokens.flatMap(({ name }, index) =>
    name === 'export' ? namesBehind(tokens, index + 1) : [],
  );
}

function namesBehind(tokens: readonly Token[], first: number): readonly string[] {
  let at = first;
  while (beforeNames.includes(tokens[at]?.name ?? '') || tokens[at]?.key === 'Punctuator:*') at++;
  if (tokens[at]?.key !== 'Punctuator:{') return [tokens[at]?.name ?? []].flat();
  const end = tokens.findIndex(({ key }, index) => index > at && key === 'Punctuator:}');
  if (tokens[end + 1]?.name === 'from') return [];
  return tokens
    .slice(at, end)
    .flatMap(({ name }, index, list) =>
      name !== null && name !== 'as' && list[index + 1]?.name !== 'as' ? [name] : [],
    );
}
