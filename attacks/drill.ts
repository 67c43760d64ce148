import { Actor } from './actor.ts';
import type { Attack } from './attack.ts';
import { at, listAt } from './json.ts';
import { atOnce } from './parallel.ts';
import { Target } from './target.ts';
import { AttackSucceeded, NotApplicable } from './verdict.ts';

export interface Result {
  id: string;
  title: string;
  source: string;
  outcome: 'blocked' | 'succeeded' | 'not applicable' | 'error';
  /** What succeeded, why the case does not apply, or what prevented it from running. */
  detail: string;
  milliseconds: number;
}

/**
 * Milliseconds after which the whole run ends, even if requests hang. Cases that were not reached
 * are `error`.
 */
const wholeTimeoutMs = 175_000;
const oneTimeoutMs = 90_000;

/**
 * Why this is not an allowed target; `null` if it is. An attack is never fired at another owner’s
 * deployment, or at real mailboxes.
 */
export async function unsuitable(origin: URL): Promise<string | null> {
  const isLoopback =
    origin.hostname === 'localhost' ||
    origin.hostname.endsWith('.localhost') ||
    /^127(\.\d{1,3}){3}$/.test(origin.hostname);
  if (!isLoopback || !/^https?:$/.test(origin.protocol))
    return `${origin.origin} is not on this machine. The drill only targets loopback addresses.`;
  const answer = await new Actor(origin, '127.0.0.1').get('/api/deployment').catch(() => null);
  if (!answer) return `${origin.origin} is unreachable.`;
  if (answer.status !== 200 || at(answer.json, 'deployment') === undefined)
    return `${origin.origin} is not a Flowcept deployment: /api/deployment returned ${answer.status}.`;
  if (!listAt(answer.json, 'deployment', 'sandbox').includes('mail'))
    return `${origin.origin} sends real mail. The drill needs a sandbox mailbox.`;
  return null;
}

/**
 * Fires the cases, each with users of its own: a few at a time, and then, one by one, those that
 * measure or flood. Results are in the given order.
 */
export async function drill(
  origin: URL,
  attacks: readonly Attack[],
  tell: (result: Result) => void,
): Promise<Result[]> {
  const target = new Target(origin);
  const end = performance.now() + wholeTimeoutMs;
  const results = new Map<Attack, Result>();
  const fireAll = async (waiting: Attack[]): Promise<void> => {
    for (let attack = waiting.shift(); attack; attack = waiting.shift()) {
      const result = await fire(attack, target, Math.min(oneTimeoutMs, end - performance.now()));
      results.set(attack, result);
      tell(result);
    }
  };
  const together = attacks.filter(({ alone }) => !alone);
  await atOnce(4, () => fireAll(together));
  await fireAll(attacks.filter(({ alone }) => alone));
  return attacks.flatMap((attack) => results.get(attack) ?? []);
}

async function fire(attack: Attack, target: Target, timeoutMs: number): Promise<Result> {
  const { id, title, source } = attack;
  const begun = performance.now();
  const judged = (outcome: Result['outcome'], detail: string): Result => ({
    id,
    title,
    source,
    outcome,
    detail,
    milliseconds: Math.round(performance.now() - begun),
  });
  if (timeoutMs <= 0) return judged('error', 'There was no time left to run it.');
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`It did not finish within ${Math.round(timeoutMs / 1000)} s.`)),
      timeoutMs,
    );
  });
  try {
    await Promise.race([attack.run(target), tooLate]);
    return judged('blocked', '');
  } catch (error) {
    if (error instanceof AttackSucceeded) return judged('succeeded', error.message);
    if (error instanceof NotApplicable) return judged('not applicable', error.message);
    return judged('error', error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
  }
}
