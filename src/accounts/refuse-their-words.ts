import { invalidFields } from '../problems.ts';
import { isMostlyTheirs, mostlyTheirs } from './password-rules.ts';

/** Where only the server knows whose password it is. @throws Problem `invalid-fields` */
export function refuseTheirWords(password: string, owner: { email: string; name: string }, path: string): void {
  if (isMostlyTheirs(password, owner)) throw invalidFields([{ path, message: mostlyTheirs }]);
}
