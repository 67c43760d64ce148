import type { Reply } from './actor.ts';
import { must } from './attack.ts';

/** What of an answer somebody who compares two could see, apart from what is new in each: references, ids and times. */
function faceOf({ status, headers, setCookies, json, text }: Reply): string {
  const varying = new Set(['reference', 'id', 'expiresAt', 'sentTo']);
  const body = json === undefined ? text : JSON.stringify(json, (key, value: unknown) => (varying.has(key) ? `a ${typeof value}` : value));
  const names = Object.keys(headers).filter((name) => name !== 'date');
  return JSON.stringify([status, names.sort(), setCookies.map((cookie) => cookie.split('=')[0]), headers['retry-after'] !== undefined, body]);
}

/** The two answers cannot be told apart. */
export function mustLookAlike(one: Reply, other: Reply, what: string): void {
  must(faceOf(one) === faceOf(other), `${what}: the answers differ. ${faceOf(one)} ≠ ${faceOf(other)}`);
}

/**
 * The two take the same time: interleaved, compared by their medians. What is looked for is a missing hash or mail, tens of
 * milliseconds; less than a third of the whole is the noise of a machine that does other things too.
 */
export async function mustTakeAlike(rounds: number, one: (round: number) => Promise<Reply>, other: (round: number) => Promise<Reply>, what: string): Promise<void> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    // Whoever goes second meets the mail of the first: they take turns.
    const turns = [async () => times[0].push((await one(round)).milliseconds), async () => times[1].push((await other(round)).milliseconds)];
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn();
  }
  const [first, second] = [median(times[0]), median(times[1])];
  const allowed = Math.max(25, 0.33 * Math.max(first, second));
  must(Math.abs(first - second) < allowed, `${what}: ${first.toFixed(0)} ms and ${second.toFixed(0)} ms can be told apart.`);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
