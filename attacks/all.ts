import type { Attack } from './attack.ts';
import { codeAttacks } from './codes.ts';
import { crossSiteAttacks } from './cross-site.ts';
import { enumerationAttacks } from './enumeration.ts';
import { exhaustionAttacks } from './exhaustion.ts';
import { factorAttacks } from './factors.ts';
import { headerAttacks } from './headers.ts';
import { oauthAttacks } from './oauth.ts';
import { ownAccountAttacks } from './own-account.ts';
import { parsingAttacks } from './parsing.ts';
import { passkeyAttacks } from './passkeys.ts';
import { passwordAttacks } from './passwords.ts';
import { recoveryAttacks } from './recovery.ts';
import { sessionAttacks } from './sessions.ts';
import { signUpAttacks } from './sign-up.ts';
import { undoAttacks } from './undo.ts';

/** Every attack case by topic, roughly in the order of `hardening.md` §1. */
export const attacks: readonly Attack[] = [
  ...signUpAttacks,
  ...codeAttacks,
  ...passwordAttacks,
  ...enumerationAttacks,
  ...recoveryAttacks,
  ...undoAttacks,
  ...ownAccountAttacks,
  ...sessionAttacks,
  ...crossSiteAttacks,
  ...oauthAttacks,
  ...factorAttacks,
  ...passkeyAttacks,
  ...parsingAttacks,
  ...exhaustionAttacks,
  ...headerAttacks,
];
