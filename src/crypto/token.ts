import { createHash, createHmac, hash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import type { Hashed } from '../records.ts';

/** 256 random bits, base64url. Given to its holder once; only its hash is kept. ASVS 7.2.3. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** A name for a record that cannot be guessed: 128 random bits, base64url. */
export function newId(): string {
  return randomBytes(16).toString('base64url');
}

/** SHA-256 suffices for a secret of 256 random bits. */
export function hashToken(token: string): Hashed {
  return hash('sha256', token, 'base64url') as Hashed;
}

/** Another secret made of one, for one purpose: whoever has it learns nothing of its origin or its sisters. */
export function deriveToken(token: string, purpose: string): string {
  return createHmac('sha256', token).update(purpose).digest('base64url');
}

/** Six digits, each as likely as any. ASVS 6.5.3, 6.5.4. */
export function newCode(): string {
  return randomInt(1_000_000).toString().padStart(6, '0');
}

/**
 * A code has too few digits for a plain hash: it is kept as HMAC-SHA-256 under the pepper, bound to its challenge,
 * so that neither a copy of the database nor a code of another flow is of use. ASVS 6.5.2.
 */
export function hashCode(pepper: Buffer, challengeId: string, code: string): Hashed {
  return createHmac('sha256', pepper)
    .update(`code\u0000${challengeId}\u0000${code}`)
    .digest('base64url') as Hashed;
}

/** Stands where a code's hash stands, and no code has it. */
export function hashOfNoCode(): Hashed {
  return hashToken(newToken());
}

/** Equality of two secrets, in a time that says nothing about where they differ. */
export function sameSecret(one: string, other: string): boolean {
  return timingSafeEqual(
    createHash('sha256').update(one).digest(),
    createHash('sha256').update(other).digest(),
  );
}
