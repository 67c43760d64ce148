import type { Anchor } from './anchors.ts';

/**
 * One change of the application. `code`: tokens in the module that exports the anchor, whatever
 * their layout. `text`: part of its strings and templates, whatever their line breaks; `${…}` in it
 * matches an expression. `names`: changes nothing, but names the code whose identifiers other edits
 * of the build use. `asset`: part of a built file that is not compiled from the server’s source.
 */
export type Edit<Name extends string = Anchor> =
  | { kind: 'code' | 'text'; anchor: Name; find: string; put: string }
  | { kind: 'names'; anchor: Name; find: string }
  | { kind: 'asset'; file: string; find: string; put: string };

export type SourceEdit = Exclude<Edit<string>, { kind: 'asset' }>;
export type AssetEdit = Extract<Edit, { kind: 'asset' }>;

export const edit = (anchor: Anchor, find: string, put: string): Edit => ({
  kind: 'code',
  anchor,
  find,
  put,
});
export const inText = (anchor: Anchor, find: string, put: string): Edit => ({
  kind: 'text',
  anchor,
  find,
  put,
});
export const using = (anchor: Anchor, find: string): Edit => ({ kind: 'names', anchor, find });
export const inAsset = (file: string, find: string, put: string): Edit => ({
  kind: 'asset',
  file,
  find,
  put,
});
