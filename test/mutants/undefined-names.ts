import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod/mini';
import { packageRoot } from '../../src/package-root.ts';
import type { Edit } from './edit.ts';
import type { Sources } from './sources.ts';
import { readTokens } from './tokens.ts';

/**
 * Identifiers in inserted code that no file uses: of the platform, of a protocol, or the edit’s
 * own.
 */
const newNames = [
  'access_type',
  'appendFileSync',
  'cache',
  'client_secret',
  'debug',
  'depth',
  'expectNoState',
  'globalThis',
  'insecureHTTPParser',
];

/**
 * Identifiers that an edit of a build inserts, but that no file uses and no edit searches for: what
 * they referred to was renamed.
 */
export function unknownNames(sources: Sources, edits: readonly Edit[]): readonly string[] {
  const found = new Set(
    edits.flatMap((edit) => (edit.kind === 'asset' ? [] : namesIn(edit.find, edit.kind))),
  );
  const put = new Set(
    edits.flatMap((edit) =>
      'put' in edit && edit.kind !== 'asset' ? namesIn(edit.put, edit.kind) : [],
    ),
  );
  return [...put].filter(
    (name) => !found.has(name) && !sources.hasName(name) && !newNames.includes(name),
  );
}

function namesIn(code: string, kind: Edit['kind']): readonly string[] {
  return readTokens(kind === 'text' ? `\`${code.replaceAll(/[\\`]/g, '\\$&')}\`` : code, {
    jsx: false,
  }).tokens.flatMap(({ name }) => name ?? []);
}

const report = z.object({
  diagnostics: z.array(z.object({ message: z.string(), filename: z.string() })),
});
const settings = {
  categories: { correctness: 'off' },
  env: { node: true, es2024: true, builtin: true },
  rules: { 'no-undef': 'error' },
};

/**
 * The modules, each with a title, that use an identifier that neither they nor the platform define:
 * what the edit refers to was renamed.
 */
export async function undefinedNames(
  modules: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'flowcept-names-'));
  try {
    const titles = [...modules.keys()];
    await writeFile(join(directory, 'names.json'), JSON.stringify(settings));
    await Promise.all(
      [...modules.values()].map((code, nth) => writeFile(join(directory, `${nth}.js`), code)),
    );
    const { diagnostics } = report.parse(JSON.parse(await lint(directory)));
    return diagnostics.map(
      ({ message, filename }) =>
        `a build that ${titles[Number.parseInt(filename.split(/[/\\]/).at(-1) ?? '', 10)]}: ${message}`,
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function lint(directory: string): Promise<string> {
  const program = join(packageRoot, 'node_modules', '.bin', 'oxlint');
  const child = spawn(program, ['--config', 'names.json', '--format', 'json', '.'], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return text(child.stdout);
}
