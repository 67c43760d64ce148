/** A field: how Mongoose writes it, and how we validate it on reading. */
export interface Field<Value> {
  path: { type: unknown; required?: boolean; default?: null; enum?: readonly string[] };
  /** Also vouches for brands (`Hashed`, `Sealed`), because only `crypto/` writes these values. */
  holds(value: unknown): value is Value;
}

export type Fields<Kept> = { readonly [Name in keyof Kept]-?: Field<Kept[Name]> };

export function text<Value extends string>(): Field<Value> {
  // Mongoose’s `required` rejects the empty string, which a name may be. Presence is checked on reading.
  return { path: { type: String }, holds: (value): value is Value => typeof value === 'string' };
}

export function texts<Value extends string>(): Field<readonly Value[]> {
  return {
    path: { type: [String] },
    holds: (value): value is readonly Value[] =>
      Array.isArray(value) && value.every((one) => typeof one === 'string'),
  };
}

export function oneOf<Value extends string>(values: readonly Value[]): Field<Value> {
  const known = new Set<unknown>(values);
  return {
    path: { type: String, required: true, enum: values },
    holds: (value): value is Value => known.has(value),
  };
}

export const number: Field<number> = {
  path: { type: Number, required: true },
  holds: (value): value is number => typeof value === 'number' && Number.isFinite(value),
};

/** Absent until it is first counted. */
export const tally: Field<number | undefined> = {
  path: { type: Number },
  holds: (value): value is number | undefined => value === undefined || number.holds(value),
};

export const flag: Field<boolean> = {
  path: { type: Boolean, required: true },
  holds: (value): value is boolean => typeof value === 'boolean',
};

export const date: Field<Date> = {
  path: { type: Date, required: true },
  holds: (value): value is Date => value instanceof Date && !Number.isNaN(value.getTime()),
};

export function nullable<Value>(field: Field<Value>): Field<Value | null> {
  return {
    path: { ...field.path, required: false, default: null },
    holds: (value): value is Value | null => value === null || field.holds(value),
  };
}
