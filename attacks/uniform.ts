import type { Reply } from './actor.ts';
import { must } from './verdict.ts';

/**
 * The parts of an answer that an attacker can compare, without what is new in each: request IDs,
 * ids and times.
 */
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

/** Asserts that the two answers are indistinguishable. */
export function mustLookAlike(one: Reply, other: Reply, what: string): void {
  must(
    faceOf(one) === faceOf(other),
    `${what}: the answers differ. ${faceOf(one)} ≠ ${faceOf(other)}`,
  );
}

/** Milliseconds between two medians that cannot be told from chance: `hardening.md` §1. */
const sameTime = 15;
const batches = 2;

/**
 * Asserts that the two take the same time. They are measured in turn, so that other load on the
 * machine affects both, and the median of the differences of pairs is compared. If the difference
 * can be chance, as many more are measured: chance fades, a leak remains.
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

/**
 * Milliseconds by which the first takes longer. They alternate, because the second competes with
 * the email of the first.
 */
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
