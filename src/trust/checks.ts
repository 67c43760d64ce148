import { sourceDigest } from './build.ts';
import type { Check } from './check.ts';
import { accessControl } from './checks/access-control.ts';
import { browserRules } from './checks/browser-rules.ts';
import { codeAttempts } from './checks/code-attempts.ts';
import { codeLifetime } from './checks/code-lifetime.ts';
import { databaseAccess } from './checks/database-access.ts';
import { emailVerification } from './checks/email-verification.ts';
import { encryptionAtRest } from './checks/encryption-at-rest.ts';
import { errorAnswers } from './checks/error-answers.ts';
import { errorFault } from './checks/error-fault.ts';
import { factorSecrets } from './checks/factor-secrets.ts';
import { factorSingleUse } from './checks/factor-single-use.ts';
import { guessesAtAnAccount } from './checks/guesses-at-an-account.ts';
import { guessesByDevice } from './checks/guesses-by-device.ts';
import { httpsRedirect } from './checks/https-redirect.ts';
import { injection } from './checks/injection.ts';
import { invalidBodies } from './checks/invalid-bodies.ts';
import { limitsByAddress } from './checks/limits-by-address.ts';
import { oauthScopes } from './checks/oauth-scopes.ts';
import { oauthSingleUse } from './checks/oauth-single-use.ts';
import { oauthState } from './checks/oauth-state.ts';
import { passwordCensus } from './checks/password-census.ts';
import { passwordKeeping } from './checks/password-keeping.ts';
import { passwordLength } from './checks/password-length.ts';
import { passwordSecrecy } from './checks/password-secrecy.ts';
import { providerTokens } from './checks/provider-tokens.ts';
import { recoveryAttempts } from './checks/recovery-attempts.ts';
import { secrets } from './checks/secrets.ts';
import { securityHeaders } from './checks/security-headers.ts';
import { sessionCookies } from './checks/session-cookies.ts';
import { sessionDoors } from './checks/session-doors.ts';
import { socialSignIn } from './checks/social-sign-in.ts';
import { tls } from './checks/tls.ts';
import { twoFactor } from './checks/two-factor.ts';

const all: readonly Check[] = [
  errorAnswers,
  securityHeaders,
  secrets,
  tls,
  httpsRedirect,
  passwordCensus,
  passwordLength,
  passwordSecrecy,
  passwordKeeping,
  sessionCookies,
  sessionDoors,
  socialSignIn,
  oauthScopes,
  oauthState,
  oauthSingleUse,
  providerTokens,
  accessControl,
  emailVerification,
  codeAttempts,
  codeLifetime,
  recoveryAttempts,
  twoFactor,
  factorSecrets,
  factorSingleUse,
  errorFault,
  encryptionAtRest,
  databaseAccess,
  browserRules,
  invalidBodies,
  injection,
  limitsByAddress,
  guessesAtAnAccount,
  guessesByDevice,
];

/** Every check there is, in the order in which a run makes them, its version with the digest of its source. */
export const checks = all.map((check): Check => ({
  ...check,
  version: `${check.version}+${sourceDigest(check.id).slice(0, 16)}`,
}));

export function findCheck(id: string): Check {
  const check = checks.find((one) => one.id === id);
  if (!check) throw new Error(`There is no check “${id}”.`);
  return check;
}
