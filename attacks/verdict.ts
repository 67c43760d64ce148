/** The vulnerability, as a sentence for the developer who fixes it. */
export class AttackSucceeded extends Error {
  override readonly name = 'AttackSucceeded';
}

/** The target has nothing that the case could attack; the message says why. */
export class NotApplicable extends Error {
  override readonly name = 'NotApplicable';
}

/** The one assertion of the cases. */
export function must(condition: boolean, gotThrough: string): asserts condition {
  if (!condition) throw new AttackSucceeded(gotThrough);
}

interface Said {
  status: number;
  text: string;
}

/** Asserts that the answer has one of these statuses. */
export function mustAnswer(reply: Said, statuses: number | readonly number[], what: string): void {
  const allowed = typeof statuses === 'number' ? [statuses] : statuses;
  must(
    allowed.includes(reply.status),
    `${what}: answered ${reply.status}, not ${allowed.join(' or ')}. ${reply.text.slice(0, 200)}`,
  );
}
