import type { Reply } from './actor.ts';
import { must } from './verdict.ts';

/** What of an answer somebody who compares two could see, apart from what is new in each: references, ids and times. */
function faceOf({ status, headers, setCookies, json, text }: Reply): string {
  const varying = new Set(['reference', 'id', 'expiresAt', 'sentTo']);
  const body =
    json === undefined
      ? text
      : JSON.stringify(json, (key, value: unknown) =>
          varying.has(key) ? `a ${typeof value}` : value,
        );
  const names = Object.keys(headers).filter((name) => name !== 'date');
  return JSON.stringify([
    status,
    names.sort(),
    setCookies.map((cookie) => cookie.split('=')[0]),
    headers['retry-after'] !== undefined,
    body,
  ]);
}

/** The two answers cannot be told apart. */
export function mustLookAlike(one: Reply, other: Reply, what: string): void {
  must(
    faceOf(one) === faceOf(other),
    `${what}: the answers differ. ${faceOf(one)} ≠ ${faceOf(other)}`,
  );
}

/** Milliseconds between two medians that nobody can tell from chance: hardening.md §1. */
const sameTime = 15;
const batches = 2;

/**
 * The two take the same time. They are asked in turn, so that whatever else the machine does meets both, and what is compared
 * is each pair's difference, by the median. Where chance could have made it, as many more are asked: it fades, and a leak stays.
 */
export async function mustTakeAlike(
  rounds: number,
  one: (round: number) => Promise<Reply>,
  other: (round: number) => Promise<Reply>,
  what: string,
): Promise<void> {
  const differences: number[] = [];
  for (let batch = 1; ; batch += 1) {
    for (let round = 0; round < rounds; round += 1)
      differences.push(await differenceOf(round, one, other, what));
    const difference = median(differences);
    if (Math.abs(difference) < sameTime) return;
    must(
      batch < batches,
      `${what}: ${differences.length} pairs differ by ${difference.toFixed(0)} ms.`,
    );
  }
}

/** Milliseconds by which the first takes longer. Whoever goes second meets the mail of the first: they take turns. */
async function differenceOf(
  round: number,
  one: (round: number) => Promise<Reply>,
  other: (round: number) => Promise<Reply>,
  what: string,
): Promise<number> {
  const isFirst = round % 2 === 0;
  const early = await (isFirst ? one : other)(round);
  const late = await (isFirst ? other : one)(round);
  mustLookAlike(early, late, what);
  return (early.milliseconds - late.milliseconds) * (isFirst ? 1 : -1);
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * part)] ?? 0;
}
