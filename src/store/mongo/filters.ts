import { trusted } from 'mongoose';

// `sanitizeFilter` disarms every operator in a filter but these, and they can only carry what their types say.

export function after(time: Date): { $gt: Date } {
  return trusted({ $gt: new Date(time) });
}

export function before(time: Date): { $lt: Date } {
  return trusted({ $lt: new Date(time) });
}

export function atOrAfter(time: Date): { $gte: Date } {
  return trusted({ $gte: new Date(time) });
}

export function atOrBefore(time: Date): { $lte: Date } {
  return trusted({ $lte: new Date(time) });
}

export function moreThan(count: number): { $gt: number } {
  return trusted({ $gt: Number(count) });
}

export function lessThan(count: number): { $lt: number } {
  return trusted({ $lt: Number(count) });
}

export function present(): { $ne: null } {
  return trusted({ $ne: null });
}

export function sortedAfter(text: string): { $gt: string } {
  return trusted({ $gt: String(text) });
}

export function sortedBefore(text: string): { $lt: string } {
  return trusted({ $lt: String(text) });
}

export function not<Value extends string>(text: Value): { $ne: Value } {
  return trusted({ $ne: scalar(text) });
}

export function anyOf<Value extends string>(values: readonly Value[]): { $in: Value[] } {
  return trusted({ $in: values.map(scalar) });
}

/** Texts that start with this one; U+10FFFF is beyond everything that does. */
export function startingWith(text: string): { $gte: string; $lt: string } {
  return trusted({ $gte: scalar(text), $lt: `${scalar(text)}\u{10ffff}` });
}

/** Accounts of no address of this domain, but its operators; all without one. */
export function notMembersOf(domain: string | null): { $nor?: object[] } {
  return domain === null ? {} : { $nor: [{ domain: scalar(domain), operator: false }] };
}

/** Sessions whose last use and idle time ended by then. */
export function unusedSince(time: Date): { $expr: object } {
  return { $expr: trusted({ $lte: [{ $add: ['$lastUsedAt', '$idle'] }, new Date(time)] }) };
}

/** For what Mongoose does not cast: nothing but a string may stand for a string. */
export function scalar<Value extends string>(value: Value): Value {
  if (typeof value !== 'string') throw new TypeError('A filter takes strings only.');
  return value;
}
