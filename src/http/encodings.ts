/** Content codings that we send, the smallest first. RFC 9110 §8.4.1, RFC 7932. */
export const encodings = ['br', 'gzip'] as const;
export type Encoding = (typeof encodings)[number];

/** The one of these that the reader wants most, the first of several; `null`: as it is. RFC 9110 §12.5.3. */
export function chosenEncoding(
  acceptEncoding: string | null,
  available: readonly Encoding[],
): Encoding | null {
  const weights = weightsOf(acceptEncoding ?? '');
  const weightOf = (encoding: Encoding) => weights.get(encoding) ?? weights.get('*') ?? 0;
  const [best] = available.toSorted((one, other) => weightOf(other) - weightOf(one));
  // Nothing at all is always acceptable, and preferred only to somebody who says so.
  return best !== undefined &&
    weightOf(best) > 0 &&
    weightOf(best) >= (weights.get('identity') ?? 0)
    ? best
    : null;
}

/** What cannot be understood is as good as not said. */
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
