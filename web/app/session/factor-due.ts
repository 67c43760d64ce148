import { z } from 'zod/mini';
import { factorMethods } from '../../../src/api/sessions.ts';
import { methodsAnswer } from '../../../src/api/two-factor.ts';
import { call } from '../../client/api.ts';
import { store, stored, unstore } from '../shell/browser-storage.ts';
import { safePath } from '../shell/safe-path.ts';

/** A sign-in of this tab that waits for its second factor. */
const dueShape = z.object({
  /** The id of the challenge. */
  challenge: z.string(),
  methods: z.array(z.enum(factorMethods)),
  /** Where to go afterwards. */
  to: z.nullable(z.string()),
});
export type FactorDue = z.infer<typeof dueShape>;

const key = 'second-factor';
let kept: FactorDue | null = null;

export function keepFactorDue(due: FactorDue): void {
  kept = due;
  store('sessionStorage', key, due);
}

export function readFactorDue(): FactorDue | null {
  kept ??= stored('sessionStorage', key, dueShape);
  return kept;
}

export function forgetFactorDue(): void {
  kept = null;
  unstore('sessionStorage', key);
}

/**
 * The challenge in `#challenge=ID`, where a sign-in elsewhere led here. The server says which
 * factors it takes.
 * @throws ApiProblem
 */
export async function factorDueIn(hash: string): Promise<FactorDue | null> {
  const said = new URLSearchParams(hash.replace(/^#/, ''));
  const challenge = said.get('challenge');
  if (!challenge) return null;
  const { methods } = await call({
    method: 'POST',
    path: '/api/sign-in/second-factor/methods',
    body: { challenge },
    answer: methodsAnswer,
  });
  return { challenge, methods, to: safePath(said.get('to')) };
}
