import { anchors } from './anchors.ts';
import type { Edit, SourceEdit } from './edit.ts';
import { type Match, matchCode, matchText, replacement } from './match.ts';
import { isJsx, type Sources } from './sources.ts';

interface Change {
  start: number;
  end: number;
  put: string;
}

/**
 * The sources that these edits change, as they are then. All edits are looked up in the sources as they were.
 * @throws an error that begins with the anchor of the first edit that does not match once.
 */
export function editedSources(sources: Sources, edits: readonly Edit<string>[], table: Readonly<Record<string, string>> = anchors): ReadonlyMap<string, string> {
  const changes = new Map<string, Change[]>();
  for (const edit of edits) {
    if (edit.kind === 'asset') continue;
    const { path, change } = locate(sources, edit, table);
    changes.set(path, [...(changes.get(path) ?? []), change]);
  }
  return new Map([...changes].map(([path, of]) => [path, withChanges(sources.text(path), of)]));
}

function locate(sources: Sources, edit: SourceEdit, table: Readonly<Record<string, string>>): { path: string; change: Change } {
  const path = moduleOf(sources, edit.anchor, table);
  const match = onlyMatch(sources, path, edit);
  return { path, change: { start: match.start, end: match.end, put: replacement(edit.put, match, isJsx(path)) } };
}

/** The module that exports the anchor: at its path of the table, or wherever that name is exported now, or, if the export was renamed, still at that path. */
export function moduleOf(sources: Sources, anchor: string, table: Readonly<Record<string, string>> = anchors): string {
  const known = table[anchor];
  if (known === undefined) throw new Error(`${anchor}: it is not in the table of anchors`);
  const exporters = sources.exporters(anchor);
  if (exporters.includes(known)) return known;
  const [best, next] = exporters.map((path) => ({ path, likeness: likeness(path, known) })).toSorted((one, other) => other.likeness - one.likeness);
  if (best && best.likeness === next?.likeness) throw new Error(`${anchor}: ${known} does not export it, and ${best.path} and ${next.path} both do`);
  if (best) return best.path;
  if (sources.has(known)) return known;
  throw new Error(`${anchor}: no source exports it, and there is no ${known}`);
}

/** How many parts two paths have in common. */
function likeness(one: string, other: string): number {
  const parts = other.split('/');
  return one.split('/').filter((part) => parts.includes(part)).length;
}

function onlyMatch(sources: Sources, path: string, { kind, anchor, find }: SourceEdit): Match {
  const match = kind === 'code' ? matchCode : matchText;
  const found = match(sources.read(path), find, { jsx: isJsx(path), isGone: (name) => !sources.hasName(name) });
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`${anchor}: “${find}” matches ${found.length} times in ${path}, not once`);
  return only;
}

function withChanges(text: string, changes: readonly Change[]): string {
  let [edited, from] = ['', 0];
  for (const { start, end, put } of changes.toSorted((one, other) => one.start - other.start)) {
    if (start < from) throw new Error(`Two edits change the same place: “${put}”.`);
    edited += text.slice(from, start) + put;
    from = end;
  }
  return edited + text.slice(from);
}
