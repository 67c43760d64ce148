import { randomBytes } from 'node:crypto';
import { recoveryCodeCount } from '../api/durations.ts';
import { hashToken } from '../crypto/token.ts';
import type { Hashed } from '../records.ts';

const count = recoveryCodeCount;
/** RFC 4648 base32: its letters and digits are not easily confused. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export interface RecoveryCodes {
  /** In the format that is shown to the user, once. */
  codes: string[];
  hashes: Hashed[];
}

/**
 * Creates ten codes of 120 random bits each. At that length a plain hash suffices. ASVS 6.5.2; NIST SP 800-63B-4
 * §4.2.1.1.
 */
export function newRecoveryCodes(): RecoveryCodes {
  const codes = Array.from({ length: count }, () =>
    inGroups([...randomBytes(24)].map((byte) => alphabet[byte % 32]).join('')),
  );
  return { codes, hashes: codes.map(hashRecoveryCode) };
}

/** Hashes a code as typed: case and separators do not matter. */
export function hashRecoveryCode(typed: string): Hashed {
  return hashToken(typed.toUpperCase().replace(/[\s-]/g, ''));
}

function inGroups(code: string): string {
  return code.match(/.{4}/g)?.join('-') ?? code;
}
