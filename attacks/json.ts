/** Reads unvalidated JSON: `undefined` if there is no such value. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined,
    value,
  );
}

export function textAt(value: unknown, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path);
  if (typeof found !== 'string')
    throw new Error(
      `There is no text at ${path.join('.')} of ${JSON.stringify(value)?.slice(0, 300)}`,
    );
  return found;
}

export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  if (!Array.isArray(found))
    throw new Error(
      `There is no list at ${path.join('.')} of ${JSON.stringify(value)?.slice(0, 300)}`,
    );
  return found;
}

/** Every key at any depth. */
export function keysIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysIn(inner)]);
}
