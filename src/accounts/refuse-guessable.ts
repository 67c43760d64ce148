import { isMostlyTheirs, mostlyTheirs } from '../api/password-rules.ts';
import { invalidFields } from '../problems.ts';
import { isCommon } from './common-passwords.ts';

const tooCommon =
  'Many people have had this password, and it stands in the lists that are tried first. Choose another one.';

/** What the shapes cannot see: that a password is on the lists, or made of words of an owner whom only the server knows. @throws Problem `invalid-fields` */
export function refuseGuessable(
  password: string,
  owner: { email: string; name: string },
  path: string,
): void {
  if (isMostlyTheirs(password, owner)) throw invalidFields([{ path, message: mostlyTheirs }]);
  if (isCommon(password)) throw invalidFields([{ path, message: tooCommon }]);
}
