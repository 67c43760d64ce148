import { type Cooked, fold } from './cooked.ts';
import {
  closers,
  isWord,
  type Literal,
  type Reading,
  readTokens,
  rawTokens,
  type Token,
} from './tokens.ts';

/**
 * The part of a file that an edit replaces, and the current names of identifiers that no file uses
 * any longer.
 */
export interface Match {
  start: number;
  end: number;
  names: Names;
  /** If text is replaced: the kind of literal. */
  literal?: Literal;
}

type Names = ReadonlyMap<string, string>;
export type IsGone = (name: string) => boolean;

const noNames: Names = new Map();

export function matchCode(
  { tokens }: Reading,
  find: string,
  { jsx, isGone }: { jsx: boolean; isGone: IsGone },
): readonly Match[] {
  const { pattern, tail } = patternOf(find, jsx);
  return tokens.flatMap((first, at) => {
    const names = unify(pattern, tokens.slice(at, at + pattern.length), noNames, isGone);
    const end = names && endOf(tail, tokens, at + pattern.length - 1);
    return names && end !== null ? [{ start: first.start, end, names }] : [];
  });
}

type Tail = ',' | ';' | null;

/** A final comma or semicolon is part of what is replaced, if present. */
function patternOf(find: string, jsx: boolean): { pattern: readonly Token[]; tail: Tail } {
  const { tokens } = readTokens(find, { jsx });
  const last = tokens.at(-1);
  if (last?.key === 'Punctuator:,') return { pattern: tokens.slice(0, -1), tail: ',' };
  return { pattern: tokens, tail: last?.separator?.text === ';' ? ';' : null };
}

function endOf(tail: Tail, tokens: readonly Token[], at: number): number | null {
  const [last, next] = [tokens[at], tokens[at + 1]];
  if (!last) return null;
  if (tail === null) return last.end;
  if (last.separator?.text === tail) return last.separator.end;
  const closes = !next || closers.some((closer) => next.key === `Punctuator:${closer}`);
  if (tail === ',') return next?.key === 'Punctuator:,' ? next.end : closes ? last.end : null;
  return closes || last.endsLine ? last.end : null;
}

function unify(
  pattern: readonly Token[],
  tokens: readonly Token[],
  given: Names,
  isGone: IsGone,
): Names | null {
  if (pattern.length !== tokens.length || pattern.length === 0) return null;
  let names = given;
  for (const [index, wanted] of pattern.entries()) {
    const found = tokens[index];
    const more = found && unifyOne(wanted, found, names, isGone);
    if (!more) return null;
    names = more;
  }
  return names;
}

function unifyOne(wanted: Token, found: Token, names: Names, isGone: IsGone): Names | null {
  if (wanted.key === found.key) return names;
  if (wanted.name === null || found.name === null || isWord(found.name) || !isGone(wanted.name))
    return null;
  const now = names.get(wanted.name);
  if (now !== undefined) return now === found.name ? names : null;
  return [...names.values()].includes(found.name)
    ? null
    : new Map([...names, [wanted.name, found.name]]);
}

/** @param find The text of a literal, with `${…}` for an expression. */
export function matchText(
  { literals }: Reading,
  find: string,
  { jsx, isGone }: { jsx: boolean; isGone: IsGone },
): readonly Match[] {
  const [wanted] = readTokens(`\`${escapeTemplate(find)}\``, { jsx }).literals;
  if (!wanted) return [];
  return literals.flatMap((literal) => matchLiteral(wanted, literal, isGone));
}

function matchLiteral(wanted: Literal, literal: Literal, isGone: IsGone): readonly Match[] {
  const [parts, texts] = [wanted.texts.map(fold), literal.texts.map(fold)];
  const [only] = parts;
  if (only && parts.length === 1)
    return texts
      .flatMap((text) => occurrences(text, only.text))
      .map((range) => ({ ...range, names: noNames, literal }));
  return texts.flatMap((_, at) => {
    const range = spanOf(parts, texts.slice(at, at + parts.length));
    const names =
      range &&
      wanted.expressions.reduce<Names | null>(
        (known, expression, nth) =>
          known && unify(expression, literal.expressions[at + nth] ?? [], known, isGone),
        noNames,
      );
    return range && names ? [{ ...range, names, literal }] : [];
  });
}

function occurrences(
  { text, starts, ends }: Cooked,
  part: string,
): readonly { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (let at = text.indexOf(part); at !== -1 && part !== ''; at = text.indexOf(part, at + 1)) {
    found.push({ start: starts[at] ?? 0, end: ends[at + part.length - 1] ?? 0 });
  }
  return found;
}

/** The position from the end of the first text of a template to the start of the last. */
function spanOf(
  parts: readonly Cooked[],
  texts: readonly Cooked[],
): { start: number; end: number } | null {
  const [first, last] = [texts[0], texts.at(-1)];
  const [head, tail] = [parts[0]?.text ?? '', parts.at(-1)?.text ?? ''];
  if (
    texts.length !== parts.length ||
    !first ||
    !last ||
    !first.text.endsWith(head) ||
    !last.text.startsWith(tail)
  )
    return null;
  if (parts.slice(1, -1).some(({ text }, nth) => text !== texts[nth + 1]?.text)) return null;
  const start = head === '' ? first.end : first.starts[first.text.length - head.length];
  const end = tail === '' ? startOf(last) : last.ends[tail.length - 1];
  return start === undefined || end === undefined ? null : { start, end };
}

function startOf({ starts, end }: Cooked): number {
  return starts[0] ?? end;
}

/** What replaces it, with current names, written for that kind of literal. */
export function replacement(put: string, { names, literal }: Match, jsx: boolean): string {
  if (!literal) return rename(put, names, jsx);
  if (!literal.isTemplate)
    return put.replaceAll(/[\\\n]|['"]/g, (char) =>
      char === '\n' ? '\\n' : char === '\\' || char === literal.quote ? `\\${char}` : char,
    );
  return rename(`\`${escapeTemplate(put)}\``, names, jsx).slice(1, -1);
}

/** Its expressions contain neither a backslash nor a template. */
function escapeTemplate(text: string): string {
  return text.replaceAll(/[\\`]/g, '\\$&');
}

function rename(code: string, names: Names, jsx: boolean): string {
  return Array.from(rawTokens(code, jsx), ({ type, value }) =>
    type === 'IdentifierName' || type === 'JSXIdentifier' ? (names.get(value) ?? value) : value,
  ).join('');
}
