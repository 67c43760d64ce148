import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../src/package-root.ts';
import { editedSources } from './apply.ts';
import { compile } from './broken-server.ts';
import type { Edit } from './edit.ts';
import { withAssetEdit } from './mutate.ts';
import { readSources, type Sources } from './sources.ts';
import { undefinedNames, unknownNames } from './undefined-names.ts';

interface Broken {
  what: string;
  edits: readonly Edit[];
}

/**
 * The edits that cannot be built, each with its anchor and reason: edits that do not match exactly
 * once, and results that do not parse or use undefined names.
 */
export async function notApplicable(
  builds: readonly Broken[],
  sources?: Sources,
): Promise<readonly string[]> {
  const known = sources ?? (await readSources(packageRoot));
  const compiled = new Map<string, string>();
  const lost: string[] = [];
  for (const { what, edits } of builds) {
    const why = [
      ...(await whyNot(known, edits, (path, code) =>
        compiled.set(`${what} (${compiled.size}): ${path}`, code),
      )),
    ];
    why.push(
      ...unknownNames(known, edits).map(
        (name) => `no source has the name “${name}” that an edit puts`,
      ),
    );
    lost.push(...why.map((reason) => `a build that ${what}: ${reason}`));
  }
  const undefinedIn = await undefinedNames(compiled);
  return [...lost, ...undefinedIn];
}

async function whyNot(
  sources: Sources,
  edits: readonly Edit[],
  keep: (path: string, code: string) => void,
): Promise<readonly string[]> {
  const alone = await Promise.all(edits.map((edit) => reasonOf(() => tryOne(sources, edit))));
  const reasons = alone.filter((reason) => reason !== null);
  if (reasons.length > 0) return reasons;
  const together = await reasonOf(async () => {
    for (const [path, source] of editedSources(sources, edits)) keep(path, compile(path, source));
  });
  return together === null ? [] : [together];
}

async function tryOne(sources: Sources, edit: Edit): Promise<void> {
  if (edit.kind === 'asset')
    withAssetEdit(await readFile(join(packageRoot, 'dist', edit.file), 'utf8'), edit);
  else editedSources(sources, [edit]);
}

async function reasonOf(work: () => Promise<void>): Promise<string | null> {
  return work().then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}
