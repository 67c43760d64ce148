/**
 * The schema checks types and missing values. What it cannot check fails here, for this record only, with the record’s
 * name.
 */
export const oneOf = <Word extends string>(words: readonly Word[], record: string) => {
  const known = new Set<string>(words);
  return (word: Word, id: string): Word => {
    if (!known.has(word)) throw new Error(`The ${record} ${id} is damaged.`);
    return word;
  };
};

/**
 * ECMA-262 §21.4.1.1. Later dates are invalid and compare false with every date, so a record with one would never
 * expire.
 */
const lastDate = 8.64e15;

export const date = (ms: number): Date => {
  if (Math.abs(ms) > lastDate) throw new Error('A record is damaged: its time is none.');
  return new Date(ms);
};

export const dateOrNull = (ms: number | null): Date | null => (ms === null ? null : date(ms));
