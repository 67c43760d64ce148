import { readFile, readdir } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { z } from 'zod/mini';
import { conditional, representation, type Representation } from './conditional.ts';
import type { Encoding } from './encodings.ts';
import { notAllowed } from './problem-answer.ts';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};
/** The compressed files that scripts/compress.js creates. */
const forms: readonly [Encoding, extension: string][] = [
  ['br', '.br'],
  ['gzip', '.gz'],
];

interface StaticFile extends Representation {
  immutable: boolean;
}

export interface StaticFiles {
  /** Serves a built file by its path; `null` if there is none. Paths outside the build cannot be reached. */
  serve(path: string, request: Request): Promise<Response> | null;
  /** The HTML page of the app, the same for every screen. */
  shell: Representation;
  stylesheet: string;
}

const manifestShape = z.record(z.string(), z.object({ css: z.optional(z.array(z.string())) }));

/** Loads the whole web build into memory, once. It is small, and no other file can be requested. */
export async function loadStaticFiles(directory: string): Promise<StaticFiles> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const names = new Set(
    entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)),
  );
  const served = [...names].filter((name) => extname(name) in types && extname(name) !== '.html');
  const files = new Map(
    await Promise.all(
      served.map(async (name) => [publicPath(directory, name), await load(name, names)] as const),
    ),
  );
  const manifest = manifestShape.parse(
    JSON.parse(await readFile(join(directory, '.vite', 'manifest.json'), 'utf8')),
  );

  return {
    serve: (path, request) => answer(files.get(path), request),
    shell: await load(join(directory, 'index.html'), names),
    stylesheet: `/${manifest['index.html']?.css?.[0] ?? ''}`,
  };
}

function publicPath(directory: string, name: string): string {
  return `/${relative(directory, name).split(sep).join('/')}`;
}

async function load(name: string, names: ReadonlySet<string>): Promise<StaticFile> {
  const there = forms.filter(([, extension]) => names.has(`${name}${extension}`));
  const smaller = await Promise.all(
    there.map(
      async ([encoding, extension]) => [encoding, await bytesOf(`${name}${extension}`)] as const,
    ),
  );
  const encoded = new Map(smaller.map(([encoding, bytes]) => [encoding, () => bytes]));
  const type = types[extname(name)] ?? 'application/octet-stream';
  return {
    ...representation(await bytesOf(name), type, encoded),
    immutable: name.includes(`${sep}assets${sep}`),
  };
}

async function bytesOf(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(name));
}

function answer(file: StaticFile | undefined, request: Request): Promise<Response> | null {
  if (!file) return null;
  if (!['GET', 'HEAD'].includes(request.method)) throw notAllowed(['GET']);
  return conditional(request, file, {
    cacheControl: file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
}

/** Serves the page in which the app’s scripts render every screen. */
export function shell(
  { shell: page }: Pick<StaticFiles, 'shell'>,
  request: Request,
): Promise<Response> {
  return conditional(request, page, { cacheControl: 'no-cache' });
}
