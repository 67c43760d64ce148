/** Durations and counts that texts mention. The server and the texts share these constants. */

/** An emailed code: ASVS 6.5.5, 6.6.3. */
export const codeMinutes = 10;
export const codeAttempts = 5;
/** How long a re-authentication is valid. ASVS 7.5.1. */
export const reauthenticationMinutes = 10;
/** A sign-in attempt at Google or GitHub. */
export const providerAttemptMinutes = 10;
/** The offer to restore an account, after a sign-in to one that is scheduled for deletion. */
export const restoreMinutes = 10;
/** The link that creates an operator account. */
export const claimMinutes = 30;
/** From scheduling an account for deletion until it is erased. */
export const deletionDays = 14;
/** A “This wasn’t me” link. */
export const undoDays = 7;
/** How long no second factor is accepted after too many incorrect ones. */
export const factorLockMinutes = 15;
/** The recovery of lost second factors: docs/decisions/011. It closes with the link by which the account owner stops it. */
export const factorRecoveryHours = 72;
export const factorRecoveryClosesAfterDays = undoDays;
export const recoveryCodeCount = 10;
