export interface PasswordRules {
  /** In code points. */
  minLength: number;
}

/** In code points. */
export const longestPassword = 256;
/** Minimum length of what remains of a password without the owner’s name and address. */
const ownLength = 8;

/**
 * Returns why this password is not accepted, as a sentence; `null` if it is. There are no composition rules, and the
 * password is used as typed. NIST SP 800-63B-4 §3.1.1.2; ASVS 6.2.1, 6.2.5, 6.2.9.
 */
export function weaknessOf(password: string, rules: PasswordRules): string | null {
  const length = [...password].length;
  if (!password.isWellFormed()) return 'The password contains an invalid character.';
  if (length < rules.minLength)
    return `Use at least ${rules.minLength} characters. A few random words are easy to remember.`;
  if (length > longestPassword) return `Use at most ${longestPassword} characters.`;
  return null;
}

export const mostlyTheirs =
  'This is mostly your email address, your name or the name of this site. Add other words.';

/** Whether the password is too short without the words of the owner’s name and address. ASVS 6.2.11. */
export function isMostlyTheirs(password: string, owner: { email: string; name: string }): boolean {
  const local = owner.email.slice(0, owner.email.lastIndexOf('@'));
  const names = owner.name.split(/\s+/).filter((word) => [...word].length >= 4);
  const words = [owner.email, local, owner.name, ...names, 'flowcept']
    .map((word) => word.toLowerCase())
    .filter((word) => word !== '');
  const longestFirst = words.sort((a, b) => b.length - a.length);
  const rest = longestFirst.reduce(
    (left, word) => left.replaceAll(word, ''),
    password.toLowerCase(),
  );
  return [...rest].length < ownLength;
}
