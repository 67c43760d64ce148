import { anchors } from './anchors.ts';
import type { Edit, SourceEdit } from './edit.ts';
import { type Match, matchCode, matchText, replacement } from './match.ts';
import { isJsx, type Sources } from './sources.ts';

interface Change {
  start: number;
  end: number;
  put: string;
}

interface Place {
  path: string;
  match: Match;
  put: string | null;
}

type Anchors = Readonly<Record<string, string>>;

/**
 * The files that these edits change, with their new text. All edits are matched against the
 * original files, and a renamed identifier that one of them finds applies to all.
 *
 * @throws an error that begins with the anchor of the first edit that does not match exactly once.
 */
export function editedSources(
  sources: Sources,
  edits: readonly Edit<string>[],
  table: Anchors = anchors,
): ReadonlyMap<string, string> {
  const places = edits.flatMap((edit) =>
    edit.kind === 'asset' ? [] : [placeOf(sources, edit, table)],
  );
  const known = new Map(places.flatMap(({ match }) => [...match.names]));
  const changes = new Map<string, Change[]>();
  for (const { path, match, put } of places) {
    if (put === null) continue;
    const names = new Map([...known, ...match.names]);
    const change = {
      start: match.start,
      end: match.end,
      put: replacement(put, { ...match, names }, isJsx(path)),
    };
    changes.set(path, [...(changes.get(path) ?? []), change]);
  }
  return new Map([...changes].map(([path, of]) => [path, withChanges(sources.text(path), of)]));
}

function placeOf(sources: Sources, edit: SourceEdit, table: Anchors): Place {
  const { anchor, find } = edit;
  const paths = modulesOf(sources, anchor, table);
  const found = paths.map((path) => ({ path, matches: matchesIn(sources, path, edit) }));
  const [only, ...more] = found.filter(({ matches }) => matches.length === 1);
  const [match] = only?.matches ?? [];
  if (only && match && more.length === 0)
    return { path: only.path, match, put: edit.kind === 'names' ? null : edit.put };
  throw new Error(
    `${anchor}: “${find}” matches ${found.map(({ path, matches }) => `${matches.length} times in ${path}`).join(' and ')}, not once`,
  );
}

/**
 * The module that exports the anchor: at its path in the table, or wherever the name is exported
 * now, or at that path if the export was renamed. If there are several, the one with the most
 * similar path; more than one only if the paths are equally similar.
 */
export function modulesOf(
  sources: Sources,
  anchor: string,
  table: Anchors = anchors,
): readonly string[] {
  const known = table[anchor];
  if (known === undefined) throw new Error(`${anchor}: it is not in the table of anchors`);
  const exporters = sources.exporters(anchor);
  if (exporters.includes(known)) return [known];
  const most = Math.max(...exporters.map((path) => likeness(path, known)));
  if (exporters.length > 0) return exporters.filter((path) => likeness(path, known) === most);
  if (sources.has(known)) return [known];
  throw new Error(`${anchor}: no source exports it, and there is no ${known}`);
}

/** The number of segments that two paths share. */
function likeness(one: string, other: string): number {
  const parts = other.split('/');
  return one.split('/').filter((part) => parts.includes(part)).length;
}

function matchesIn(sources: Sources, path: string, { kind, find }: SourceEdit): readonly Match[] {
  const match = kind === 'text' ? matchText : matchCode;
  return match(sources.read(path), find, {
    jsx: isJsx(path),
    isGone: (name) => !sources.hasName(name),
  });
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
