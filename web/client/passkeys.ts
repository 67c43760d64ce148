import { z } from 'zod/mini';
import {
  assertionJson,
  attestationJson,
  type AssertionJson,
  type AttestationJson,
} from '../../src/api/two-factor.ts';
import { messages } from '../app/messages.ts';
import { ApiProblem } from './problem.ts';
import { loadPart } from './reachable.ts';

/** Passkeys in the browser (WebAuthn Level 3), by a library that is loaded at the first use. */
const webAuthn = () => loadPart(() => import('@simplewebauthn/browser'));

const t = messages.passkey;
const descriptors = z.array(
  z.object({
    id: z.string(),
    type: z.literal('public-key'),
    transports: z.exactOptional(z.array(z.string())),
  }),
);

export const requestAnswer = z.object({
  options: z.object({
    challenge: z.string(),
    rpId: z.string(),
    timeout: z.number(),
    userVerification: z.enum(['required', 'preferred', 'discouraged']),
    allowCredentials: z.exactOptional(descriptors),
  }),
});
type RequestOptions = z.infer<typeof requestAnswer>['options'];

export const creationAnswer = z.object({
  options: z.object({
    challenge: z.string(),
    rp: z.object({ id: z.string(), name: z.string() }),
    user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
    pubKeyCredParams: z.array(z.object({ alg: z.number(), type: z.literal('public-key') })),
    timeout: z.number(),
    attestation: z.enum(['none', 'indirect', 'direct', 'enterprise']),
    excludeCredentials: descriptors,
    authenticatorSelection: z.object({
      residentKey: z.enum(['required', 'preferred', 'discouraged']),
      requireResidentKey: z.boolean(),
      userVerification: z.enum(['required', 'preferred', 'discouraged']),
    }),
  }),
});
type CreationOptions = z.infer<typeof creationAnswer>['options'];

/**
 * As JSON: the library returns `undefined` for what an authenticator leaves out, such as the user
 * handle of a security key.
 */
function asSent(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer));
}

export function hasPasskeys(): boolean {
  return 'PublicKeyCredential' in window;
}

/** Asks for one of the user’s passkeys. @throws ApiProblem with a message for the user */
export async function presentPasskey(options: RequestOptions): Promise<AssertionJson> {
  const { startAuthentication } = await webAuthn();
  return assertionJson.parse(
    asSent(await startAuthentication({ optionsJSON: options }).catch(failWith(t.notUsed))),
  );
}

/** Creates a passkey. @throws ApiProblem with a message for the user */
export async function createPasskey(options: CreationOptions): Promise<AttestationJson> {
  const { startRegistration } = await webAuthn();
  return attestationJson.parse(
    asSent(await startRegistration({ optionsJSON: options }).catch(failWith(t.notCreated))),
  );
}

/**
 * Offers the user’s passkeys in the browser’s list at the address field until one is chosen; `null`
 * if none was.
 */
export async function presentFromAutofill(options: RequestOptions): Promise<AssertionJson | null> {
  const { startAuthentication } = await webAuthn();
  const taken = await startAuthentication({ optionsJSON: options, useBrowserAutofill: true }).catch(
    () => null,
  );
  return taken && assertionJson.parse(asSent(taken));
}

export async function hasAutofill(): Promise<boolean> {
  return hasPasskeys() && (await webAuthn()).browserSupportsWebAuthnAutofill();
}

export async function endAutofill(): Promise<void> {
  (await webAuthn()).WebAuthnAbortService.cancelCeremony();
}

/**
 * Browsers say little, so that no site can find out who a user is (WebAuthn Level 3 §14.5).
 * `cancelled` is the message for most failures.
 */
function failWith(cancelled: string) {
  const sentences: Record<string, string> = {
    NotAllowedError: cancelled,
    InvalidStateError: t.hasOne,
    SecurityError: t.wrongAddress,
  };
  return (error: unknown): never => {
    const name = error instanceof Error ? error.name : '';
    throw new ApiProblem({
      kind: 'passkey',
      sentence: sentences[name] ?? t.failed,
      status: 0,
      reference: '',
    });
  };
}
