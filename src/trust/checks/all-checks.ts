import { sourceDigest } from '../claims/build.ts';
import type { Check } from '../probe/check.ts';
import { accessControl } from './access-control.ts';
import { browserRules } from './browser-rules.ts';
import { codeAttempts } from './code-attempts.ts';
import { codeLifetime } from './code-lifetime.ts';
import { databaseAccess } from './database-access.ts';
import { emailVerification } from './email-verification.ts';
import { encryptionAtRest } from './encryption-at-rest.ts';
import { errorAnswers } from './error-answers.ts';
import { errorFault } from './error-fault.ts';
import { factorSecrets } from './factor-secrets.ts';
import { factorSingleUse } from './factor-single-use.ts';
import { guessesAtAnAccount } from './guesses-at-an-account.ts';
import { guessesByDevice } from './guesses-by-device.ts';
import { httpsRedirect } from './https-redirect.ts';
import { injection } from './injection.ts';
import { invalidBodies } from './invalid-bodies.ts';
import { limitsByAddress } from './limits-by-address.ts';
import { oauthScopes } from './oauth-scopes.ts';
import { oauthSingleUse } from './oauth-single-use.ts';
import { oauthState } from './oauth-state.ts';
import { passwordCensus } from './password-census.ts';
import { passwordKeeping } from './password-keeping.ts';
import { passwordLength } from './password-length.ts';
import { passwordSecrecy } from './password-secrecy.ts';
import { providerTokens } from './provider-tokens.ts';
import { recoveryAttempts } from './recovery-attempts.ts';
import { secrets } from './secrets.ts';
import { securityHeaders } from './security-headers.ts';
import { sessionCookies } from './session-cookies.ts';
import { sessionDoors } from './session-doors.ts';
import { socialSignIn } from './social-sign-in.ts';
import { tlsSuites } from './tls-suites.ts';
import { tls } from './tls.ts';
import { twoFactor } from './two-factor.ts';

const all: readonly Check[] = [
  errorAnswers,
  securityHeaders,
  secrets,
  tls,
  tlsSuites,
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

/** All checks in the order in which a run makes them. Each version contains the digest of the check’s source. */
export const checks = all.map((check): Check => ({
  ...check,
  version: `${check.version}+${sourceDigest(check.id).slice(0, 16)}`,
}));

export function findCheck(id: string): Check {
  const check = checks.find((one) => one.id === id);
  if (!check) throw new Error(`There is no check “${id}”.`);
  return check;
}
