import { createHash } from 'node:crypto';
import { z } from 'zod/mini';
import { addMs, minute } from '../clock.ts';
import { open, seal, SealBroken } from '../crypto/seal.ts';
import { hashToken } from '../crypto/token.ts';
import { providers } from '../records.ts';
import type { Services } from '../services.ts';

/** The authorization request to a mock provider. RFC 6749 §4.1.1, RFC 7636 §4.3. */
export const askShape = z.object({
  provider: z.enum(providers),
  redirectUri: z.string(),
  state: z.string(),
  scope: z.string(),
  challenge: z.string().check(z.regex(/^[\w-]{43}$/)),
  nonce: z.string(),
});
export type Ask = z.infer<typeof askShape>;

/** A person at a mock provider, picked or invented by the user. */
const personShape = z.object({ email: z.string(), name: z.string(), verified: z.boolean() });
export type MockPerson = z.infer<typeof personShape>;

const grantShape = z.object({ ask: askShape, person: personShape, expiresAt: z.number() });
export type Grant = z.infer<typeof grantShape>;

type Dependencies = Pick<Services, 'keyring' | 'clock' | 'store'>;

/** Seals the grant into the code, and later into the token, so that no process has to share state with another. */
export function sealGrant(
  { keyring, clock }: Omit<Dependencies, 'store'>,
  kind: 'ask' | 'code' | 'token',
  { ask, person }: Omit<Grant, 'expiresAt'>,
): string {
  return seal(
    keyring,
    placeOf(kind),
    JSON.stringify({ ask, person, expiresAt: addMs(clock.now(), 10 * minute).getTime() }),
  );
}

/** Returns the grant; `null` if it was not sealed here for this kind, or has expired. */
export function openGrant(
  { keyring, clock }: Omit<Dependencies, 'store'>,
  kind: 'ask' | 'code' | 'token',
  sealed: string,
): Grant | null {
  try {
    const grant = grantShape.parse(JSON.parse(open(keyring, placeOf(kind), sealed)));
    return clock.now().getTime() < grant.expiresAt ? grant : null;
  } catch (error) {
    if (error instanceof SealBroken) return null;
    throw error;
  }
}

/** Issues a code for a grant. It can be used once and expires after a minute. RFC 6749 §4.1.2 */
export async function issueCode(
  deps: Dependencies,
  { ask, person }: Omit<Grant, 'expiresAt'>,
): Promise<string> {
  const code = sealGrant(deps, 'code', { ask, person });
  const once = {
    stateHash: hashToken(code),
    provider: ask.provider,
    purpose: 'sign-in',
    accountId: null,
    to: ask.redirectUri,
  } as const;
  await deps.store.insertFlow({ ...once, expiresAt: addMs(deps.clock.now(), minute) });
  return code;
}

/**
 * Returns the grant of a code on its first use, if the verifier and the redirect URI match. RFC 6749 §4.1.3, RFC 7636
 * §4.6.
 */
export async function redeemCode(deps: Dependencies, form: URLSearchParams): Promise<Grant | null> {
  const code = form.get('code') ?? '';
  const grant = openGrant(deps, 'code', code);
  const challenge = createHash('sha256')
    .update(form.get('code_verifier') ?? '')
    .digest('base64url');
  const isMeant =
    grant?.ask.redirectUri === form.get('redirect_uri') && grant?.ask.challenge === challenge;
  if (!grant || !isMeant) return null;
  const flow = await deps.store.takeFlow(hashToken(code));
  return flow && deps.clock.now() < flow.expiresAt ? grant : null;
}

function placeOf(kind: string): string {
  return `sandbox:${kind}`;
}
