import { isMostlyTheirs, mostlyTheirs } from '../api/password-rules.ts';
import { invalidFields } from '../problems.ts';
import { isCommon } from './common-passwords.ts';

const tooCommon =
  'This password is on lists of common or leaked passwords that attackers try first. Choose a different one.';

/**
 * Rejects a password that is on the list of common passwords or mostly made of the account owner’s name or address.
 * Request schemas cannot check this, because only the server knows the owner.
 * @throws Problem `invalid-fields`
 */
export function refuseGuessable(
  password: string,
  owner: { email: string; name: string },
  path: string,
): void {
  if (isMostlyTheirs(password, owner)) throw invalidFields([{ path, message: mostlyTheirs }]);
  if (isCommon(password)) throw invalidFields([{ path, message: tooCommon }]);
}
