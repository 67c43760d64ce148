import type { AssertionJson, AttestationJson } from '../api/two-factor.ts';
import { addMs, minute } from '../clock.ts';
import { hashToken } from '../crypto/token.ts';
import type { CeremonyPurpose, Factor } from '../records/two-factor.ts';
import type { Services } from '../services.ts';

/**
 * WebAuthn Level 3. The library is loaded when the first passkey is used, because loading it takes longer than starting
 * the server.
 */
const webAuthn = () => import('@simplewebauthn/server');

const ceremonyLifetime = 5 * minute;
const timeout = ceremonyLifetime;

type Ceremonial = Pick<Services, 'store' | 'clock' | 'config'>;

interface RunRequest {
  purpose: CeremonyPurpose;
  /** The session or challenge that the response must belong to. */
  subjectId: string | null;
}

/** Returns the WebAuthn options for creating a passkey. */
export async function creationOptions(
  deps: Ceremonial,
  {
    account,
    factors,
    subjectId,
  }: {
    account: { id: string; email: string; name: string };
    factors: readonly Factor[];
    subjectId: string;
  },
): Promise<Record<string, unknown>> {
  const { generateRegistrationOptions } = await webAuthn();
  const options = await generateRegistrationOptions({
    rpName: 'Flowcept',
    rpID: deps.config.publicUrl.hostname,
    userID: Uint8Array.from(Buffer.from(account.id)),
    userName: account.email,
    userDisplayName: account.name,
    timeout,
    attestationType: 'none',
    excludeCredentials: credentialsOf(factors),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
  });
  await open(deps, options.challenge, { purpose: 'register', subjectId });
  return { ...options };
}

/**
 * Returns the WebAuthn options for using a passkey: one of these factors, or any that the browser has for this site.
 */
export async function requestOptions(
  deps: Ceremonial,
  { factors, ...occasion }: RunRequest & { factors: readonly Factor[] | null },
): Promise<Record<string, unknown>> {
  const { generateAuthenticationOptions } = await webAuthn();
  const options = await generateAuthenticationOptions({
    rpID: deps.config.publicUrl.hostname,
    timeout,
    // A passkey alone counts as both factors only with user verification. ASVS 6.3.3.
    userVerification: factors === null ? 'required' : 'preferred',
    ...(factors && { allowCredentials: credentialsOf(factors) }),
  });
  await open(deps, options.challenge, occasion);
  return { ...options };
}

/** Returns the new passkey if the response answers a ceremony of this session, else `null`. */
export async function verifyCreation(
  deps: Ceremonial,
  response: AttestationJson,
  subjectId: string,
) {
  const challenge = await take(deps, response.response.clientDataJSON, {
    purpose: 'register',
    subjectId,
  });
  if (challenge === null) return null;
  if (!(await isUnattested(response.response.attestationObject))) return null;
  const { verifyRegistrationResponse } = await webAuthn();
  const { clientDataJSON, attestationObject } = response.response;
  const verified = await verifyRegistrationResponse({
    response: { ...withDefaults(response), response: { clientDataJSON, attestationObject } },
    ...expected(deps, challenge),
    requireUserVerification: false,
  }).catch(() => null);
  if (!verified?.verified) return null;
  const { id, publicKey, counter } = verified.registrationInfo.credential;
  const uvInitialized = verified.registrationInfo.userVerified;
  return {
    uvInitialized,
    credentialId: id,
    publicKey: Buffer.from(publicKey).toString('base64url'),
    counter,
    transports: (response.response.transports ?? []).filter(isTransport).slice(0, 10).join(','),
  };
}

/** Any transport is kept, also one that is not known yet: the browser that reported it uses it. */
function isTransport(name: string): boolean {
  return /^[\w.-]{1,32}$/.test(name);
}

/**
 * Whether the response contains no statement about the authenticator, as asked for, so that none is parsed. Browsers
 * replace it with `none`, except for self attestation (`packed` without `x5c`), which names no maker and which they
 * leave in place. WebAuthn L3 §5.1.3 (`none`), §5.4.7.
 */
async function isUnattested(attestationObject: string): Promise<boolean> {
  const { decodeAttestationObject } = await import('@simplewebauthn/server/helpers');
  try {
    const decoded = decodeAttestationObject(
      Uint8Array.from(Buffer.from(attestationObject, 'base64url')),
    );
    const format = decoded.get('fmt');
    return (
      format === 'none' || (format === 'packed' && decoded.get('attStmt').get('x5c') === undefined)
    );
  } catch {
    return false;
  }
}

/** Adds the members that the library needs and some authenticators leave out. */
function withDefaults({ id, rawId, type }: AssertionJson | AttestationJson) {
  return { id, rawId: rawId ?? id, type, clientExtensionResults: {} };
}

interface Asserted {
  factor: Factor;
  counter: number;
  /** Whether the authenticator verified its user this time. `uvInitialized` decides whether that counts. */
  userVerified: boolean;
}

/**
 * Returns the passkey that answered a ceremony with this purpose and subject, and its new counter. `unaccepted` for an
 * unknown passkey, a ceremony that was used or has expired, or a wrong signature, origin or user handle; `counter-fell`
 * if only the counter is wrong, which indicates a cloned authenticator. WebAuthn L3 §7.2; ASVS 6.5.1, 6.7.2.
 */
export async function verifyAssertion(
  deps: Ceremonial,
  response: AssertionJson,
  occasion: RunRequest,
): Promise<Asserted | 'unaccepted' | 'counter-fell'> {
  const challenge = await take(deps, response.response.clientDataJSON, occasion);
  const factor = challenge === null ? null : await deps.store.findPasskey(response.id);
  if (
    challenge === null ||
    factor === null ||
    factor.publicKey === null ||
    factor.credentialId === null
  )
    return 'unaccepted';
  // Security keys that store no user handle send an empty one, or none.
  const claimed = response.response.userHandle || null;
  if (claimed !== null && claimed !== Buffer.from(factor.accountId).toString('base64url'))
    return 'unaccepted';
  const { verifyAuthenticationResponse } = await webAuthn();
  const credential = {
    id: factor.credentialId,
    publicKey: Uint8Array.from(Buffer.from(factor.publicKey, 'base64url')),
    // Compared below, after the signature, so that a wrong counter can be told from a wrong answer.
    counter: 0,
  };
  const { clientDataJSON, authenticatorData, signature } = response.response;
  const verified = await verifyAuthenticationResponse({
    response: {
      ...withDefaults(response),
      response: { clientDataJSON, authenticatorData, signature },
    },
    credential,
    ...expected(deps, challenge),
    requireUserVerification: false,
  }).catch(() => null);
  if (!verified?.verified) return 'unaccepted';
  const { newCounter: counter, userVerified } = verified.authenticationInfo;
  if (factor.counter > 0 && counter <= factor.counter) return 'counter-fell';
  return { factor, counter, userVerified };
}

/** For the user: why a passkey was not accepted, and what helps. */
export const passkeyProblems = {
  unaccepted: 'This passkey was not accepted.',
  'counter-fell':
    'This passkey was not accepted, because its use counter did not go up: it may have been copied or reset. Use another method, then remove this passkey and add it again.',
} as const;

function expected({ config }: Ceremonial, challenge: string) {
  return {
    expectedChallenge: challenge,
    expectedOrigin: config.origin,
    expectedRPID: config.publicUrl.hostname,
  };
}

function open(
  { store, clock }: Ceremonial,
  challenge: string,
  occasion: RunRequest,
): Promise<void> {
  return store.openCeremony({
    challengeHash: hashToken(challenge),
    expiresAt: addMs(clock.now(), ceremonyLifetime),
    ...occasion,
  });
}

/**
 * Takes the challenge that the response answers, which is then used up. `null` if it is not ours, or has another
 * purpose or subject.
 */
async function take(
  { store, clock }: Ceremonial,
  clientDataJSON: string,
  { purpose, subjectId }: RunRequest,
): Promise<string | null> {
  const client = readClientData(clientDataJSON);
  if (client === null) return null;
  const taken = await store.takeCeremony({
    challengeHash: hashToken(client.challenge),
    purpose,
    now: clock.now(),
  });
  return taken && taken.subjectId === subjectId ? client.challenge : null;
}

/** Our pages cannot be framed, so a ceremony from within a frame is rejected, even if the library accepts it. */
function readClientData(clientDataJSON: string): { challenge: string } | null {
  try {
    const { challenge, crossOrigin }: Record<string, unknown> = JSON.parse(
      Buffer.from(clientDataJSON, 'base64url').toString('utf8'),
    );
    return typeof challenge === 'string' && crossOrigin !== true ? { challenge } : null;
  } catch {
    return null;
  }
}

function credentialsOf(factors: readonly Factor[]): { id: string; transports: string[] }[] {
  return factors.flatMap(({ credentialId, transports }) =>
    credentialId === null
      ? []
      : [{ id: credentialId, transports: (transports ?? '').split(',').filter(Boolean) }],
  );
}
