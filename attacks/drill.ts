import { Actor } from './actor.ts';
import { AttackSucceeded, NotApplicable, type Attack } from './attack.ts';
import { at, listAt } from './json.ts';
import { Target } from './target.ts';

export interface Result {
  id: string;
  title: string;
  source: string;
  outcome: 'held' | 'got through' | 'not applicable' | 'broken';
  /** What got through, why it does not apply, or what kept the case from running. */
  detail: string;
  milliseconds: number;
}

/** The whole drill ends by then, whatever hangs, milliseconds; what was not reached is `broken`. */
const wholePatience = 175_000;
const onePatience = 45_000;

/** Why this is no target for a drill; `null` when it is one. Nobody fires at what is not theirs, or at real mailboxes. */
export async function refusalOf(origin: URL): Promise<string | null> {
  const isLoopback = origin.hostname === 'localhost' || origin.hostname.endsWith('.localhost') || /^127(\.\d{1,3}){3}$/.test(origin.hostname);
  if (!isLoopback || !/^https?:$/.test(origin.protocol)) return `${origin.origin} is not on this machine. The drill fires at loopback only.`;
  const answer = await new Actor(origin, '127.0.0.1').get('/api/deployment').catch(() => null);
  if (!answer) return `${origin.origin} does not answer.`;
  if (answer.status !== 200 || at(answer.json, 'deployment') === undefined) return `${origin.origin} is no Flowcept: /api/deployment was answered ${answer.status}.`;
  if (!listAt(answer.json, 'deployment', 'practice').includes('mail')) return `${origin.origin} sends real mail. The drill wants a practice mailbox.`;
  return null;
}

/** Fires the cases one after the other, each at its own time and with its own cast. */
export async function drill(origin: URL, attacks: readonly Attack[], tell: (result: Result) => void): Promise<Result[]> {
  const target = new Target(origin);
  const end = performance.now() + wholePatience;
  const results: Result[] = [];
  for (const attack of attacks) {
    const left = Math.min(onePatience, end - performance.now());
    const result = await fire(attack, target, left);
    results.push(result);
    tell(result);
  }
  return results;
}

async function fire(attack: Attack, target: Target, patience: number): Promise<Result> {
  const { id, title, source } = attack;
  const begun = performance.now();
  const judged = (outcome: Result['outcome'], detail: string): Result => ({ id, title, source, outcome, detail, milliseconds: Math.round(performance.now() - begun) });
  if (patience <= 0) return judged('broken', 'There was no time left for it.');
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It was not over within ${Math.round(patience / 1000)} s.`)), patience);
  });
  try {
    await Promise.race([attack.run(target), tooLate]);
    return judged('held', '');
  } catch (error) {
    if (error instanceof AttackSucceeded) return judged('got through', error.message);
    if (error instanceof NotApplicable) return judged('not applicable', error.message);
    return judged('broken', error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
  }
}
