import { trusted } from 'mongoose';

// `sanitizeFilter` disables all operators in a filter except these, whose arguments are typed.

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

/** Texts with this prefix. U+10FFFF sorts after all of them. */
export function startingWith(text: string): { $gte: string; $lt: string } {
  return trusted({ $gte: scalar(text), $lt: `${scalar(text)}\u{10ffff}` });
}

/** Excludes accounts of this domain that are not operators; excludes none without a domain. */
export function notMembersOf(domain: string | null): { $nor?: object[] } {
  return domain === null ? {} : { $nor: [{ domain: scalar(domain), operator: false }] };
}

/** Sessions whose last use plus idle time is at or before this time. */
export function unusedSince(time: Date): { $expr: object } {
  return { $expr: trusted({ $lte: [{ $add: ['$lastUsedAt', '$idle'] }, new Date(time)] }) };
}

/** For values that Mongoose does not cast: rejects anything but a string. */
export function scalar<Value extends string>(value: Value): Value {
  if (typeof value !== 'string') throw new TypeError('A filter takes strings only.');
  return value;
}
