/** Supported content codings, in order of increasing size. RFC 9110 §8.4.1, RFC 7932. */
export const encodings = ['br', 'gzip'] as const;
export type Encoding = (typeof encodings)[number];

/** Returns the coding that the client prefers, the first one on a tie; `null` for no coding. RFC 9110 §12.5.3. */
export function chosenEncoding(
  acceptEncoding: string | null,
  available: readonly Encoding[],
): Encoding | null {
  const weights = weightsOf(acceptEncoding ?? '');
  const weightOf = (encoding: Encoding) => weights.get(encoding) ?? weights.get('*') ?? 0;
  const [best] = available.toSorted((one, other) => weightOf(other) - weightOf(one));
  // `identity` is always acceptable, but preferred only by a client that says so.
  return best !== undefined &&
    weightOf(best) > 0 &&
    weightOf(best) >= (weights.get('identity') ?? 0)
    ? best
    : null;
}

/** Ignores what cannot be parsed. */
function weightsOf(acceptEncoding: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const item of acceptEncoding.toLowerCase().split(',')) {
    const [, coding, weight] =
      /^\s*([\w*-]+)\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/.exec(item) ?? [];
    if (coding !== undefined)
      weights.set(coding === 'x-gzip' ? 'gzip' : coding, weight === undefined ? 1 : Number(weight));
  }
  return weights;
}
