import { z } from 'zod/mini';
import { factorTypes } from '../records/two-factor.ts';
import { name, presentedPassword } from './accounts.ts';
import { factorMethods } from './sessions.ts';

const id = z.string().check(z.maxLength(100));
const base64url = (longest: number) =>
  z.string().check(z.maxLength(longest), z.regex(/^[\w-]*$/, 'Must be base64url.'));
const code = z.string().check(z.regex(/^[0-9]{6}$/, 'Enter the six-digit code.'));
const recoveryCode = z
  .string()
  .check(
    z.regex(/^[\s-]*(?:[A-Za-z2-7][\s-]*){24}$/, 'Enter a recovery code of 24 letters and digits.'),
    z.maxLength(64),
  );

/**
 * What browsers and authenticators add or leave out is accepted: rejecting the response after the authenticator has made
 * a passkey leaves the user with a passkey that no site knows. WebAuthn L3 §2.1.1: enumerations may gain values.
 */
const credential = {
  id: base64url(1400),
  rawId: z.nullish(base64url(1400)),
  type: z.literal('public-key'),
  clientExtensionResults: z.nullish(z.record(z.string(), z.unknown())),
  authenticatorAttachment: z.nullish(z.string()),
};

/** The browser’s response after using a passkey. WebAuthn L3 §5.1 `AuthenticationResponseJSON`. */
export const assertionJson = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url(4096),
    authenticatorData: base64url(4096),
    signature: base64url(4096),
    userHandle: z.nullish(base64url(128)),
  }),
});
export type AssertionJson = z.infer<typeof assertionJson>;

/** The browser’s response after creating a passkey. WebAuthn L3 §5.1 `RegistrationResponseJSON`. */
export const attestationJson = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url(4096),
    attestationObject: base64url(16_384),
    transports: z.nullish(z.array(z.string())),
  }),
});
export type AttestationJson = z.infer<typeof attestationJson>;

/** A second factor with one of the three methods. */
const proofs = [
  { method: z.literal('totp'), code },
  { method: z.literal('recovery-code'), code: recoveryCode },
  { method: z.literal('passkey'), response: assertionJson },
] as const;
const [totp, recovery, passkey] = proofs;
export const factorProof = z.discriminatedUnion('method', [
  z.strictObject(totp),
  z.strictObject(recovery),
  z.strictObject(passkey),
]);
export type FactorProof = z.infer<typeof factorProof>;

/** A re-authentication: with the password or a factor. */
export const confirmShape = z.union([z.strictObject({ password: presentedPassword }), factorProof]);

const due = { challenge: id };
export const secondFactorShape = z.discriminatedUnion('method', [
  z.strictObject({ ...due, ...totp }),
  z.strictObject({ ...due, ...recovery }),
  z.strictObject({ ...due, ...passkey }),
]);
export const dueShape = z.strictObject(due);
export const methodsAnswer = z.object({ methods: z.array(z.enum(factorMethods)) });
export const passkeySignInShape = z.strictObject({ response: assertionJson });

/** WebAuthn L3 options in JSON, as the browser’s own parser accepts them. */
export const optionsAnswer = z.object({ options: z.record(z.string(), z.unknown()) });

export const factorView = z.object({
  id: z.string(),
  type: z.enum(factorTypes),
  name: z.string(),
  createdAt: z.string(),
  lastUsedAt: z.nullable(z.string()),
  /**
   * Whether the passkey can sign in alone: it verified its user when it was added, or later together with a password.
   */
  signsInAlone: z.boolean(),
});
/** The recovery of lost factors, until it closes: in progress, stopped, or used with no factor added since. */
export const factorRecoveryView = z.object({
  opensAt: z.string(),
  closesAt: z.string(),
  usedAt: z.nullable(z.string()),
  stoppedAt: z.nullable(z.string()),
});
export const factorsAnswer = z.object({
  items: z.array(factorView),
  recoveryCodesLeft: z.number(),
  recovery: z.nullable(factorRecoveryView),
});
export type FactorsView = z.infer<typeof factorsAnswer>;

export const totpEnrolmentAnswer = z.object({
  factor: z.object({ id: z.string() }),
  secret: z.string(),
  uri: z.string(),
  qr: z.string(),
});
/** Adding the first factor ends all other sessions, unless this is true. */
const keepOtherSessions = z.optional(z.boolean());
export const totpConfirmShape = z.strictObject({ id, code, keepOtherSessions });
export const newPasskeyShape = z.strictObject({
  response: attestationJson,
  name,
  keepOtherSessions,
});
/** Recovery codes are included with the first factor, and shown only once. */
export const addedAnswer = z.object({
  factor: factorView,
  recoveryCodes: z.optional(z.array(z.string())),
});
export const factorRecoveryAnswer = z.object({ opensAt: z.string() });
export const recoveryCodesAnswer = z.object({ recoveryCodes: z.array(z.string()) });
