/**
 * The value of a part of a string or template, and the source position of each of its characters.
 */
export interface Cooked {
  text: string;
  starts: readonly number[];
  ends: readonly number[];
  /** Where the part ends in the source. */
  end: number;
}

const escapes: Record<string, string> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  0: '\0',
};
const escape = /\\(?:u\{([\da-f]+)\}|u([\da-f]{4})|x([\da-f]{2})|(\r\n|[^]))|[^]/giy;

export function cookPiece(raw: string, at: number): Cooked {
  const [starts, ends]: [number[], number[]] = [[], []];
  let text = '';
  for (const { 0: whole, 1: point, 2: unit, 3: byte, 4: simple, index } of raw.matchAll(escape)) {
    const code = point ?? unit ?? byte;
    const cooked =
      code === undefined
        ? simpleOf(whole, simple)
        : String.fromCodePoint(Number.parseInt(code, 16));
    text += cooked;
    for (let nth = 0; nth < cooked.length; nth++) {
      starts.push(at + index);
      ends.push(at + index + whole.length);
    }
  }
  return { text, starts, ends, end: at + raw.length };
}

function simpleOf(whole: string, simple: string | undefined): string {
  if (simple === undefined) return whole;
  return /^[\r\n]/.test(simple) ? '' : (escapes[simple] ?? simple);
}

/** Replaces each run of whitespace by one space. */
export function fold({ text, starts, ends, end }: Cooked): Cooked {
  const folded: { text: string; starts: number[]; ends: number[]; end: number } = {
    text: '',
    starts: [],
    ends: [],
    end,
  };
  for (const { 0: run, index } of text.matchAll(/\s+|\S/gu)) {
    const one = /^\s/.test(run) ? ' ' : run;
    for (let nth = 0; nth < one.length; nth++) {
      folded.starts.push(starts[index + nth] ?? 0);
      folded.ends.push(ends[one === ' ' ? index + run.length - 1 : index + nth] ?? 0);
    }
    folded.text += one;
  }
  return folded;
}
