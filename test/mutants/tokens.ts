import jsTokens, { type JSXToken, type Token as RawToken } from 'js-tokens';
import { cookPiece, type Cooked } from './cooked.ts';

/**
 * One token of a file. Tokens are compared by their key, which omits what a formatter can change.
 */
export interface Token {
  key: string;
  /** The identifier, if it is one. */
  name: string | null;
  start: number;
  end: number;
  /** A trailing comma or semicolon that a formatter can add or remove. */
  separator: { text: string; end: number } | null;
  /** Whether a line break follows. */
  endsLine: boolean;
}

/** A string or a template: its texts, and between two of them the tokens of an expression. */
export interface Literal {
  isTemplate: boolean;
  quote: string;
  texts: Cooked[];
  expressions: Token[][];
}

export interface Reading {
  tokens: readonly Token[];
  literals: readonly Literal[];
}

type Raw = RawToken | JSXToken;

const openers: Record<string, string> = { '(': ')', '[': ']', '{': '}' };
export const closers: readonly string[] = Object.values(openers);
const ignored: readonly Raw['type'][] = [
  'WhiteSpace',
  'SingleLineComment',
  'MultiLineComment',
  'HashbangComment',
];
const words =
  'async await break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof let new null return static super switch this throw true try typeof undefined var void while with yield'.split(
    ' ',
  );

export function isWord(name: string): boolean {
  return words.includes(name);
}

export function readTokens(source: string, { jsx }: { jsx: boolean }): Reading {
  const reader = new Reader();
  for (const raw of rawTokens(source, jsx)) reader.take(raw);
  return reader.reading();
}

export function rawTokens(source: string, jsx: boolean): Iterable<Raw> {
  return jsx ? jsTokens(source, { jsx: true }) : jsTokens(source);
}

class Reader {
  readonly #tokens: Token[] = [];
  readonly #literals: Literal[] = [];
  readonly #open: string[] = [];
  /**
   * Templates that are still open, innermost last, and the token at which their expression begins.
   */
  readonly #templates: { literal: Literal; from: number }[] = [];
  #at = 0;
  /** A comma that is redundant before a closing bracket. */
  #comma: { text: string; start: number; end: number } | null = null;

  take(raw: Raw): void {
    const [start, end] = [this.#at, this.#at + raw.value.length];
    this.#at = end;
    if (raw.type === 'LineTerminatorSequence') this.#endLine();
    else if (!ignored.includes(raw.type)) this.#takeCode(raw, start, end);
  }

  reading(): Reading {
    this.#flush();
    return { tokens: this.#tokens, literals: this.#literals };
  }

  #takeCode(raw: Raw, start: number, end: number): void {
    if (raw.type === 'Punctuator' && closers.includes(raw.value)) this.#drop();
    this.#flush();
    if (raw.type === 'Punctuator' && raw.value === ',') this.#comma = { text: ',', start, end };
    else if (raw.type === 'Punctuator' && raw.value === ';' && this.#open.at(-1) !== '(')
      this.#separate({ text: ';', end });
    else this.#push(raw, start, end);
  }

  #push(raw: Raw, start: number, end: number): void {
    this.#trackLiterals(raw, start);
    if (raw.type === 'Punctuator' && raw.value in openers) this.#open.push(raw.value);
    if (raw.type === 'Punctuator' && closers.includes(raw.value)) this.#open.pop();
    const name = raw.type === 'IdentifierName' || raw.type === 'JSXIdentifier' ? raw.value : null;
    this.#tokens.push({ key: keyOf(raw), name, start, end, separator: null, endsLine: false });
  }

  #trackLiterals(raw: Raw, start: number): void {
    if (raw.type === 'StringLiteral' || raw.type === 'NoSubstitutionTemplate') {
      const isTemplate = raw.type === 'NoSubstitutionTemplate';
      this.#literals.push({
        isTemplate,
        quote: raw.value.charAt(0),
        texts: [cookPiece(raw.value.slice(1, -1), start + 1)],
        expressions: [],
      });
    } else if (raw.type === 'TemplateHead') {
      const literal: Literal = {
        isTemplate: true,
        quote: '`',
        texts: [cookPiece(raw.value.slice(1, -2), start + 1)],
        expressions: [],
      };
      this.#literals.push(literal);
      this.#templates.push({ literal, from: this.#tokens.length + 1 });
    } else if (raw.type === 'TemplateMiddle' || raw.type === 'TemplateTail') {
      const template = this.#templates.at(-1);
      if (!template) return;
      template.literal.expressions.push(this.#tokens.slice(template.from));
      template.literal.texts.push(
        cookPiece(raw.value.slice(1, raw.type === 'TemplateTail' ? -1 : -2), start + 1),
      );
      template.from = this.#tokens.length + 1;
      if (raw.type === 'TemplateTail') this.#templates.pop();
    }
  }

  #endLine(): void {
    const last = this.#tokens.at(-1);
    if (last) last.endsLine = true;
  }

  #drop(): void {
    if (this.#comma) this.#separate(this.#comma);
    this.#comma = null;
  }

  #flush(): void {
    if (this.#comma)
      this.#tokens.push({
        key: 'Punctuator:,',
        name: null,
        ...this.#comma,
        separator: null,
        endsLine: false,
      });
    this.#comma = null;
  }

  #separate({ text, end }: { text: string; end: number }): void {
    const last = this.#tokens.at(-1);
    if (last) last.separator ??= { text, end };
  }
}

function keyOf(raw: Raw): string {
  switch (raw.type) {
    case 'StringLiteral':
    case 'NoSubstitutionTemplate':
      return `text:${cookPiece(raw.value.slice(1, -1), 0).text}`;
    case 'TemplateHead':
    case 'TemplateMiddle':
      return `${raw.type}:${cookPiece(raw.value.slice(1, -2), 0).text}`;
    case 'TemplateTail':
      return `${raw.type}:${cookPiece(raw.value.slice(1, -1), 0).text}`;
    case 'JSXString':
      return `text:${raw.value.slice(1, -1)}`;
    case 'JSXText':
      return `${raw.type}:${raw.value.replaceAll(/\s+/g, ' ').trim()}`;
    case 'NumericLiteral':
      return `${raw.type}:${raw.value.replaceAll('_', '')}`;
    default:
      return `${raw.type}:${raw.value}`;
  }
}
