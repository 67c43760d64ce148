import type { Anchor } from './anchors.ts';

/**
 * One change of the application.
 * `code`: tokens in the module that exports the anchor, whatever their layout. `text`: a part of its strings and templates, whatever their line breaks;
 * `${…}` in it stands for an expression. `names`: changes nothing, but says which code has the names that other edits of the build put. `asset`: a part of a file of the build that no source of the server becomes.
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
