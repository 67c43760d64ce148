import type { Target } from './target.ts';

/** One way in that must not work. It is fired over HTTP alone, at whatever answers there. */
export interface Attack {
  /** Group and number of `hardening.md` §1; from 201 on they are our own. */
  id: string;
  title: string;
  /** Where the idea comes from: an ASVS requirement, a NIST section, an advisory. */
  source: string;
  /** Returns when the target held. @throws AttackSucceeded · NotApplicable */
  run(target: Target): Promise<void>;
}

/** What got through, as a sentence for whoever has to close it. */
export class AttackSucceeded extends Error {
  override readonly name = 'AttackSucceeded';
}

/** This target has nothing that the case could attack; the message says why. */
export class NotApplicable extends Error {
  override readonly name = 'NotApplicable';
}

/** The one assertion of the cases. */
export function must(held: boolean, gotThrough: string): asserts held {
  if (!held) throw new AttackSucceeded(gotThrough);
}

interface Said {
  status: number;
  text: string;
}

/** The answer has one of these statuses. */
export function mustAnswer(reply: Said, statuses: number | readonly number[], what: string): void {
  const allowed = typeof statuses === 'number' ? [statuses] : statuses;
  must(allowed.includes(reply.status), `${what}: answered ${reply.status}, not ${allowed.join(' or ')}. ${reply.text.slice(0, 200)}`);
}
